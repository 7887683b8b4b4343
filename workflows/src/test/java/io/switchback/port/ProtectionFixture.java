package io.switchback.port;

import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.VmRef;
import java.util.List;

/**
 * How VMs come under protection in a {@link RegistryFixture}, which knows the sites berlin and
 * paris, for {@link ProtectionContract}, {@link ProtectionPlanContract} and {@link
 * ProtectionRuleContract}.
 */
public interface ProtectionFixture {
  /** The adapter under test. */
  ProtectionActivities protection();

  /** The adapter under test. */
  ProtectionPlanActivities plan();

  /** The adapter under test. */
  ProtectionRuleActivities rules();

  /** Says how berlin's VMs stand in paris. */
  void pair(List<NetworkMapping> networks, Placement there, Pace pace);

  /** Somebody has taken the VM out of what rules protect. */
  void exclude(VmRef vm, String reason);
}
