-- Which vCenter a site was found to be: VMs are known by ids that only that one can resolve.
alter table site add platform text;
alter table greeting add platform text;
