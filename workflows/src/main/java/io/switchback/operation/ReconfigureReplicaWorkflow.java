package io.switchback.operation;

import static java.util.stream.Collectors.joining;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.Replica;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteFinding.Kind;
import io.switchback.model.SiteSettings;
import io.switchback.port.Done;
import io.switchback.port.ProtectionActivities;
import io.switchback.port.SiteActivities.CheckSite;
import io.temporal.common.VersioningBehavior;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Another policy, network map or placement for one replica, in one step. */
public final class ReconfigureReplicaWorkflow extends RunOverReplica implements ReconfigureReplica {
  private final Replica subject;
  private final Reconfiguration asked;
  private final boolean serves;

  @WorkflowInit
  public ReconfigureReplicaWorkflow(ReconfigureReplicaRequest request) {
    super(Operation.RECONFIGURE, request.replica());
    subject = request.replica().member().replica();
    asked = request.asked();
    serves = Drifts.serves(request.replica().member().state());
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public MemberResult reconfigure(ReconfigureReplicaRequest request) {
    return replica.conduct(this::steps);
  }

  private void steps() {
    refuseWhatIsNotThere(); //                             1  changes nothing
    replica.endWith(StepKind.RECONFIGURE, this::change); // 2  without a claim: a cycle goes on
    replica.wakeReplication(); //                              a shorter interval holds at once
    replica.note(
        serves
            ? "holds from the first cycle on, once the replica no longer serves"
            : "holds from the next cycle on");
  }

  /** A host or network that the site does not have would fail every cycle from now on. */
  private void refuseWhatIsNotThere() {
    Placement place = asked.placement();
    List<NetworkMapping> networks = asked.networks();
    if (place == null && networks == null) {
      return;
    }
    String site = subject.recovery().site();
    Set<String> needed = new LinkedHashSet<>();
    for (NetworkMapping network : networks == null ? List.<NetworkMapping>of() : networks) {
      needed.add(network.recovery());
      needed.add(network.drill());
    }
    needed.remove("");
    try {
      String missing =
          replica
              .ports()
              .siteCheck(site, "Has " + site + " what " + subject.name() + " is to have?")
              .checkSite(new CheckSite(described(site, place), false, List.copyOf(needed)))
              .findings()
              .stream()
              .filter(finding -> finding.kind().stops() && finding.kind() != Kind.NO_ROOM)
              .map(SiteFinding::sentence)
              .collect(joining("; "));
      if (!missing.isEmpty()) {
        throw new FaultException(
            Fault.INVALID_INPUT,
            "Nothing was changed for '%s': %s.".formatted(subject.name(), missing));
      }
    } catch (ActivityFailure unanswered) {
      throw Failures.toFault(unanswered);
    }
  }

  private static SiteSettings described(String site, @Nullable Placement place) {
    return SiteSettings.named(site).placement(place == null ? Placement.ANYWHERE : place).build();
  }

  private Done change(Mandate mandate) {
    return replica
        .ports()
        .protection("Change how " + subject.name() + " is protected")
        .reconfigureReplica(
            new ProtectionActivities.ReconfigureReplica(
                subject.id(),
                asked.policyName(),
                asked.policy(),
                asked.networks(),
                asked.placement()));
  }
}
