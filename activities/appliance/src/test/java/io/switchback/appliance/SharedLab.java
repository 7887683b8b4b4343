package io.switchback.appliance;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * One network lab for all test classes of the module: built for the first of them, removed after
 * the last. Each leaves it as it was built: no tunnel, the replica off and production's VMs on.
 */
final class SharedLab implements BeforeAllCallback {
  private @Nullable NetworkLab lab;

  @Override
  public void beforeAll(ExtensionContext context) {
    lab =
        context
            .getRoot()
            .getStore(Namespace.GLOBAL)
            .computeIfAbsent(NetworkLab.class, _ -> NetworkLab.build(), NetworkLab.class);
  }

  NetworkLab lab() {
    return requireNonNull(lab);
  }
}
