-- Sites on vSphere, and how their vCenters are logged in to.
alter table site
  drop constraint site_kind_check,
  add constraint site_kind_check check (kind in ('LAB', 'VSPHERE')),
  add vcenter jsonb,
  add constraint site_vcenter_check check ((kind = 'VSPHERE') = (vcenter is not null));
