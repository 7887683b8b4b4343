package io.switchback.worker.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Lab sites of a home, each a process of its own that outlives the program that starts it. */
public final class LabSites {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Home home;
  private final Launcher launcher;

  public LabSites(Home home) {
    this.home = home;
    this.launcher = new Launcher(home);
  }

  /**
   * Starts the site {@code name} on what it kept, at the address of last time where that is free.
   * If it runs already, answers where.
   *
   * @throws Refusal if the name is not one, or the site does not start
   */
  public SiteAddress start(String name) {
    return start(name, "");
  }

  /**
   * The same, with a command that hears of changes of power.
   *
   * @param onPower as {@code lab serve --on-power} has it; empty for none
   */
  public SiteAddress start(String name, String onPower) {
    if (!NAME.matcher(name).matches()) {
      throw Refusal.usage(
          "'%s' cannot be the name of a site. Use small letters, digits and hyphens, for example berlin-1."
              .formatted(name));
    }
    // Alone, because the address of a daemon that was killed is removed first.
    return Exclusively.with(
        home.prepare().data().resolve("lab-" + name + ".lock"), () -> startAlone(name, onPower));
  }

  private SiteAddress startAlone(String name, String onPower) {
    Path directory = home.data().resolve(Path.of("sites", name));
    Path announced = directory.resolve("address");
    if (!isRunning(name)) {
      forget(announced);
    }
    Launch launch =
        Launch.program(
            processName(name),
            List.of(
                "lab",
                "serve",
                "--name",
                name,
                "--dir",
                directory.toString(),
                "--port",
                Integer.toString(freePort(name)),
                "--on-power",
                onPower));
    launcher.start(launch, () -> serves(announced), START_LIMIT);
    SiteAddress site = new SiteAddress(name, read(announced), directory.toString());
    home.services().update(services -> services.withSite(site));
    return site;
  }

  /** Every site that was started from this home once, by name. */
  public List<SiteAddress> all() {
    return home.services().read().sites().values().stream()
        .sorted(Comparator.comparing(SiteAddress::name))
        .toList();
  }

  public boolean isRunning(String name) {
    return home.services().read().running(processName(name)).isPresent();
  }

  /** Stops the site in good order. If it does not run, does nothing. */
  public boolean stop(String name) {
    return launcher.stop(processName(name));
  }

  /** The name of a site's process in {@code services.json}. */
  public static String processName(String site) {
    return "lab-" + site;
  }

  private int freePort(String name) {
    SiteAddress last = home.services().read().sites().get(name);
    return Ports.free(last == null ? 0 : URI.create(last.address()).getPort());
  }

  private static boolean serves(Path announced) {
    if (!Files.exists(announced)) {
      return false;
    }
    URI address = URI.create(read(announced));
    return Ports.answers(Objects.requireNonNull(address.getHost()), address.getPort());
  }

  // What a daemon that was killed had announced is true no longer.
  private static void forget(Path announced) {
    try {
      Files.deleteIfExists(announced);
    } catch (IOException failure) {
      throw Refusal.unreachable(
          "Could not remove '%s': %s.".formatted(announced, Failures.sentence(failure)), failure);
    }
  }

  private static String read(Path announced) {
    try {
      return Files.readString(announced).strip();
    } catch (IOException failure) {
      throw Refusal.unreachable(
          "Could not read '%s': %s.".formatted(announced, Failures.sentence(failure)), failure);
    }
  }
}
