package io.switchback.model;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A site as its operator describes it. Every field but the name may be absent; the default then
 * holds.
 *
 * @param name also names the queue {@code site.<name>}
 * @param kind its platform
 * @param address URL of its hypervisor; empty when only its workers know it
 * @param credential for its hypervisor; null when only its workers know it
 * @param placement of replicas there, where nothing else was asked for
 * @param pace of operations whose replicas are there
 * @param appliance name of the VM there that extends networks for what fails over to it; empty:
 *     none is needed
 * @param room how its room is watched
 * @param tunnels the appliance there that extends networks, as its workers reach it; null when none
 *     does
 * @param networks for what fails over to it, and how they are reached
 * @param fullSite how its appliance is the gateway of networks whose production is lost; null when
 *     it is not
 * @param vcenter how the vCenter of a site on vSphere is logged in to; null on other platforms
 */
public record SiteSettings(
    String name,
    SiteKind kind,
    String address,
    @Nullable CredentialReference credential,
    Placement placement,
    SiteCaps caps,
    Pace pace,
    String appliance,
    RoomSettings room,
    @Nullable SiteAppliance tunnels,
    SiteNetworks networks,
    @Nullable FullSiteSettings fullSite,
    @Nullable VCenterAccess vcenter) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final Pattern URL =
      Pattern.compile("https?://[A-Za-z0-9._\\-\\[\\]:]+(/[^\\s@]*)?");

  public SiteSettings {
    kind = kind == null ? SiteKind.LAB : kind;
    address = address == null ? "" : address.strip();
    placement = placement == null ? Placement.ANYWHERE : placement;
    caps = caps == null ? SiteCaps.DEFAULT : caps;
    pace = pace == null ? Pace.DEFAULT : pace;
    appliance = appliance == null ? "" : appliance.strip();
    room = room == null ? RoomSettings.DEFAULT : room;
    networks = networks == null ? SiteNetworks.NOT_SAID : networks;
    new Mistakes()
        .required(name, "name")
        .unless(
            name == null || name.isBlank() || NAME.matcher(name).matches(),
            "name must be of letters, digits, '.', '_' and '-'")
        .unless(
            address.isEmpty() || URL.matcher(address).matches(),
            "address must be a URL such as http://127.0.0.1:7301, without a password in it")
        .unless(
            (kind == SiteKind.VSPHERE) == (vcenter != null),
            kind == SiteKind.VSPHERE
                ? "vcenter is missing: a site on vSphere needs at least its user"
                : "vcenter is of sites of the kind vsphere only")
        .unless(
            kind != SiteKind.VSPHERE || address.isEmpty() || address.startsWith("https:"),
            "address of a vCenter must begin with https:")
        .refuse("site" + (name == null || name.isBlank() ? "" : " '" + name + "'"));
  }

  /** A site of which nothing but its name is said. */
  public static SiteSettings of(String name) {
    return named(name).build();
  }

  /** A site of which nothing but its name is said yet. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** The same site, to be described otherwise. */
  public Builder change() {
    return named(name)
        .kind(kind)
        .address(address)
        .credential(credential)
        .placement(placement)
        .caps(caps)
        .pace(pace)
        .appliance(appliance)
        .room(room)
        .tunnels(tunnels)
        .networks(networks)
        .fullSite(fullSite)
        .vcenter(vcenter);
  }

  /** Says one thing after the other of a site; of what it says nothing the default holds. */
  public static final class Builder {
    private String name;
    private @Nullable SiteKind kind;
    private @Nullable String address;
    private @Nullable CredentialReference credential;
    private @Nullable Placement placement;
    private @Nullable SiteCaps caps;
    private @Nullable Pace pace;
    private @Nullable String appliance;
    private @Nullable RoomSettings room;
    private @Nullable SiteAppliance tunnels;
    private @Nullable SiteNetworks networks;
    private @Nullable FullSiteSettings fullSite;
    private @Nullable VCenterAccess vcenter;

    private Builder(String name) {
      this.name = name;
    }

    public Builder name(String name) {
      this.name = name;
      return this;
    }

    public Builder kind(SiteKind kind) {
      this.kind = kind;
      return this;
    }

    public Builder address(String address) {
      this.address = address;
      return this;
    }

    public Builder credential(@Nullable CredentialReference credential) {
      this.credential = credential;
      return this;
    }

    public Builder placement(Placement placement) {
      this.placement = placement;
      return this;
    }

    public Builder caps(SiteCaps caps) {
      this.caps = caps;
      return this;
    }

    public Builder pace(Pace pace) {
      this.pace = pace;
      return this;
    }

    public Builder appliance(String appliance) {
      this.appliance = appliance;
      return this;
    }

    public Builder room(RoomSettings room) {
      this.room = room;
      return this;
    }

    public Builder tunnels(@Nullable SiteAppliance tunnels) {
      this.tunnels = tunnels;
      return this;
    }

    public Builder networks(SiteNetworks networks) {
      this.networks = networks;
      return this;
    }

    public Builder fullSite(@Nullable FullSiteSettings fullSite) {
      this.fullSite = fullSite;
      return this;
    }

    public Builder vcenter(@Nullable VCenterAccess vcenter) {
      this.vcenter = vcenter;
      return this;
    }

    /**
     * @throws IllegalArgumentException naming every mistake
     */
    @SuppressWarnings("NullAway") // absent fields are null on their way to the constructor
    public SiteSettings build() {
      return new SiteSettings(
          name,
          kind,
          address,
          credential,
          placement,
          caps,
          pace,
          appliance,
          room,
          tunnels,
          networks,
          fullSite,
          vcenter);
    }
  }
}
