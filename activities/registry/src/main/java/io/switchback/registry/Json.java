package io.switchback.registry;

import io.switchback.model.Check;
import io.switchback.model.DiskPair;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.ProtectionRule;
import io.switchback.model.RoomSettings;
import io.switchback.model.SiteAppliance;
import io.switchback.model.VCenterAccess;
import io.switchback.model.VmShape;
import io.switchback.port.NetworkExtensionActivities.AddressOwner;
import io.switchback.port.NetworkExtensionActivities.SideState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** How values that the database need not look into stand in its jsonb columns. */
final class Json {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final TypeReference<List<Check>> CHECKS = new TypeReference<>() {};
  private static final TypeReference<Map<String, String>> STRINGS = new TypeReference<>() {};

  private static final TypeReference<List<NetworkMapping>> NETWORKS = new TypeReference<>() {};

  private static final TypeReference<List<DiskPair>> DISKS = new TypeReference<>() {};

  private Json() {}

  static String ofDisks(List<DiskPair> disks) {
    return MAPPER.writeValueAsString(disks);
  }

  static List<DiskPair> disks(String json) {
    return MAPPER.readValue(json, DISKS);
  }

  static String of(VmShape shape) {
    return MAPPER.writeValueAsString(shape);
  }

  static VmShape shape(String json) {
    return MAPPER.readValue(json, VmShape.class);
  }

  static List<NetworkMapping> networks(String json) {
    return MAPPER.readValue(json, NETWORKS);
  }

  static String of(Pace pace) {
    return MAPPER.writeValueAsString(pace);
  }

  static String of(RoomSettings room) {
    return MAPPER.writeValueAsString(room);
  }

  static RoomSettings room(String json) {
    return MAPPER.readValue(json, RoomSettings.class);
  }

  static String of(NetworkExtent extent) {
    return MAPPER.writeValueAsString(extent);
  }

  static NetworkExtent extent(String json) {
    return MAPPER.readValue(json, NetworkExtent.class);
  }

  static String of(SiteAppliance appliance) {
    return MAPPER.writeValueAsString(appliance);
  }

  static @Nullable SiteAppliance appliance(@Nullable String json) {
    return json == null ? null : MAPPER.readValue(json, SiteAppliance.class);
  }

  static String of(FullSiteSettings fullSite) {
    return MAPPER.writeValueAsString(fullSite);
  }

  static @Nullable FullSiteSettings fullSite(@Nullable String json) {
    return json == null ? null : MAPPER.readValue(json, FullSiteSettings.class);
  }

  static String of(VCenterAccess vcenter) {
    return MAPPER.writeValueAsString(vcenter);
  }

  static @Nullable VCenterAccess vcenter(@Nullable String json) {
    return json == null ? null : MAPPER.readValue(json, VCenterAccess.class);
  }

  static String of(SideState side) {
    return MAPPER.writeValueAsString(side);
  }

  static @Nullable SideState side(@Nullable String json) {
    return json == null ? null : MAPPER.readValue(json, SideState.class);
  }

  static String ofOwners(List<AddressOwner> owners) {
    return MAPPER.writeValueAsString(owners);
  }

  static List<AddressOwner> owners(@Nullable String json) {
    return json == null
        ? List.of()
        : MAPPER.readValue(json, new TypeReference<List<AddressOwner>>() {});
  }

  static String of(Map<String, String> strings) {
    return MAPPER.writeValueAsString(strings);
  }

  static String of(List<Check> checks) {
    // Written by the declared type: the kind of each check stands beside its fields.
    return MAPPER.writerFor(CHECKS).writeValueAsString(checks);
  }

  static Placement placement(String json) {
    return MAPPER.readValue(json, Placement.class);
  }

  static String of(Placement placement) {
    return MAPPER.writeValueAsString(placement);
  }

  static String of(ProtectionRule rule) {
    return MAPPER.writeValueAsString(rule);
  }

  static String ofNetworks(List<NetworkMapping> networks) {
    return MAPPER.writeValueAsString(networks);
  }

  static ProtectionRule rule(String json) {
    return MAPPER.readValue(json, ProtectionRule.class);
  }

  static Pace pace(String json) {
    return MAPPER.readValue(json, Pace.class);
  }

  static Map<String, String> strings(String json) {
    return MAPPER.readValue(json, STRINGS);
  }

  static List<Check> checks(String json) {
    return MAPPER.readValue(json, CHECKS);
  }
}
