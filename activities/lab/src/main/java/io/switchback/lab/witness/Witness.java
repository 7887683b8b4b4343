package io.switchback.lab.witness;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Says from the disks' files and the effect journals alone whether a failover or failback lost
 * anything. A program of its own:
 *
 * <pre>
 * Witness failover   &lt;production's site directory&gt; &lt;vm&gt; &lt;recovery's site directory&gt; &lt;replica&gt;
 * Witness failback   &lt;recovery's site directory&gt; &lt;replica&gt; &lt;production's site directory&gt; &lt;vm&gt;
 * Witness production &lt;site directory&gt; &lt;vm&gt;
 * </pre>
 *
 * <p>Prints one JSON object. Exit code 0 when nothing is wrong, 1 when something is, 2 when it
 * could not look.
 */
public final class Witness {
  private Witness() {}

  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.out, System.err));
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    try {
      Testimony testimony = hear(arguments);
      out.println(testimony.toJson());
      return testimony.mistakes().isEmpty() ? 0 : 1;
    } catch (WitnessException | IOException e) {
      err.println("The witness could not look: " + e.getMessage());
      return 2;
    }
  }

  private static Testimony hear(List<String> arguments) throws IOException {
    if (arguments.size() == 5 && arguments.getFirst().equals("failover")) {
      return failover(
          Path.of(arguments.get(1)), arguments.get(2), Path.of(arguments.get(3)), arguments.get(4));
    }
    if (arguments.size() == 5 && arguments.getFirst().equals("failback")) {
      return failback(
          Path.of(arguments.get(1)), arguments.get(2), Path.of(arguments.get(3)), arguments.get(4));
    }
    if (arguments.size() == 3 && arguments.getFirst().equals("production")) {
      return production(Path.of(arguments.get(1)), arguments.get(2));
    }
    throw new WitnessException(
        "use 'failover <production dir> <vm> <recovery dir> <replica>', 'failback <recovery dir> <replica> <production dir> <vm>' or 'production <dir> <vm>'.");
  }

  /** Looks at a replica that was failed over; it may run on. */
  public static FailoverTestimony failover(
      Path productionSite, String vm, Path recoverySite, String replica) throws IOException {
    return FailoverCase.hear(productionSite, vm, recoverySite, replica);
  }

  /** Looks at a production VM that was failed back to; it may run on. */
  public static FailbackTestimony failback(
      Path recoverySite, String replica, Path productionSite, String vm) throws IOException {
    return FailbackCase.hear(recoverySite, replica, productionSite, vm);
  }

  /** Looks at a VM's own disks; it may run on. */
  public static ProductionTestimony production(Path site, String vm) throws IOException {
    return ProductionCase.hear(site, vm);
  }
}
