package io.switchback.model;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A site as its operator describes it. Every field but the name may be absent; the default then
 * holds.
 *
 * @param name also names the queue {@code site.<name>}
 * @param kind lab
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
    @Nullable FullSiteSettings fullSite) {
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
        .refuse("site" + (name == null || name.isBlank() ? "" : " '" + name + "'"));
  }

  /** A site that is no gateway. */
  public SiteSettings(
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
      SiteNetworks networks) {
    this(
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
        null);
  }

  /** A site of whose networks nothing is said. */
  public SiteSettings(
      String name,
      SiteKind kind,
      String address,
      @Nullable CredentialReference credential,
      Placement placement,
      SiteCaps caps,
      Pace pace,
      String appliance,
      RoomSettings room,
      @Nullable SiteAppliance tunnels) {
    this(
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
        SiteNetworks.NOT_SAID);
  }

  /** A site without tunnels. */
  public SiteSettings(
      String name,
      SiteKind kind,
      String address,
      @Nullable CredentialReference credential,
      Placement placement,
      SiteCaps caps,
      Pace pace,
      String appliance,
      RoomSettings room) {
    this(name, kind, address, credential, placement, caps, pace, appliance, room, null);
  }

  /** A site whose room is watched as usual. */
  public SiteSettings(
      String name,
      SiteKind kind,
      String address,
      @Nullable CredentialReference credential,
      Placement placement,
      SiteCaps caps,
      Pace pace,
      String appliance) {
    this(name, kind, address, credential, placement, caps, pace, appliance, RoomSettings.DEFAULT);
  }

  /** A site that needs no appliance. */
  public SiteSettings(
      String name,
      SiteKind kind,
      String address,
      @Nullable CredentialReference credential,
      Placement placement,
      SiteCaps caps,
      Pace pace) {
    this(name, kind, address, credential, placement, caps, pace, "");
  }

  /** A site of which nothing but its name is said. */
  @SuppressWarnings("NullAway") // absent fields are null on their way to the constructor
  public static SiteSettings of(String name) {
    return new SiteSettings(name, null, null, null, null, null, null);
  }
}
