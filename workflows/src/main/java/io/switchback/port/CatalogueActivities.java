package io.switchback.port;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Check;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmSelection;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the registry knows of the estate. Runs on the queue {@code switchback}: only its workers
 * reach the registry.
 *
 * <p>Every method: REGISTRY_UNAVAILABLE (retried).
 */
@ActivityInterface
public interface CatalogueActivities {

  /**
   * Finds the replicas and restore points that an input names, and every mistake in it: an unknown
   * VM, a VM named twice, an unknown restore point, a state that forbids the operation, a replica
   * that another operation holds; of an operation that extends networks also a recovery site with
   * more networks than its appliance can serve, where one would extend those of a member.
   *
   * <p>A full-site failover leaves those out that are not READY or that another operation holds,
   * and the warnings name them. One that would have a network served in another way than it is for
   * others is a mistake, and so is a tunnel for such a one.
   *
   * <p>A group stands for all of its members, each with its part of the group's restore point:
   * {@code latest} is the newest one that has a part for every member. A group that is unknown or
   * has no such point is a mistake; VMs of a group that would go to different moments, or without
   * the others, are a warning. Changes nothing.
   */
  Resolution resolve(Resolve request);

  /**
   * Keeps what workers answered to {@code hello}; the newest answer of a worker on a queue replaces
   * its older one.
   *
   * <p>The first platform that answers for a site is the site's from then on.
   *
   * @throws io.switchback.fault.FaultException CHECK_FAILED, and nothing kept, when another
   *     platform answers for a site than did before: the ids of its VMs mean nothing there
   */
  Done recordGreetings(RecordGreetings request);

  /**
   * Appends to the audit. An entry that is there already is not written again; an entry is known by
   * operation, replica, step number, attempt and outcome.
   */
  Done recordAudit(RecordAudit request);

  /**
   * Asks what {@code operation} would work on; {@code operationId} tells a claim of its own from
   * another's.
   */
  record Resolve(Operation operation, String operationId, List<VmSelection> vms) {
    public Resolve {
      vms = List.copyOf(vms);
    }
  }

  /**
   * What an input means; when {@code mistakes} is not empty, {@code members} holds only those
   * without any.
   *
   * @param appliances name of the VM that extends networks, by the members' recovery site; without
   *     those sites that need none, or are connected by something else
   * @param warnings what a person should know who means just that
   */
  record Resolution(
      List<Member> members,
      Pace pace,
      List<String> mistakes,
      Map<String, String> appliances,
      List<String> warnings) {
    public Resolution {
      members = List.copyOf(members);
      mistakes = List.copyOf(mistakes);
      appliances = appliances == null ? Map.of() : Map.copyOf(appliances);
      warnings = warnings == null ? List.of() : List.copyOf(warnings);
    }

    /** A resolution without warnings. */
    public Resolution(
        List<Member> members, Pace pace, List<String> mistakes, Map<String, String> appliances) {
      this(members, pace, mistakes, appliances, List.of());
    }

    /** At sites that need no appliance. */
    public Resolution(List<Member> members, Pace pace, List<String> mistakes) {
      this(members, pace, mistakes, Map.of());
    }
  }

  /**
   * A replica that an operation would work on.
   *
   * @param restorePoint the one asked for; null where the operation has no use for one
   * @param newest the newest restore point; null while there is none
   * @param checks that tell whether the started guest serves
   * @param points all restore points together
   * @param asked how the input named it, and what it asks for it alone
   */
  record Member(
      Replica replica,
      ReplicaState state,
      @Nullable RestorePoint restorePoint,
      @Nullable RestorePoint newest,
      List<Check> checks,
      Points points,
      VmSelection asked) {
    public Member {
      checks = List.copyOf(checks);
    }
  }

  /**
   * A replica's restore points together.
   *
   * @param bytes that the cycles of these points have moved
   * @param oldest null while there is none
   */
  record Points(int count, long bytes, @Nullable RestorePoint oldest) {}

  /** What workers answered. */
  record RecordGreetings(List<SiteActivities.Greeting> greetings) {
    public RecordGreetings {
      greetings = List.copyOf(greetings);
    }
  }

  /** Entries to append. */
  record RecordAudit(List<AuditEntry> entries) {
    public RecordAudit {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Who did what, when, why and with which outcome.
   *
   * @param by who asked for it
   * @param outcome DONE, ALREADY_SO, FAILED, PARKED, ANSWERED, OVERRIDDEN, SKIPPED, UNDONE, REFUSED
   *     or what later operations add
   * @param detail why, or what came of it, in a sentence
   */
  record AuditEntry(
      String operationId,
      Operation operation,
      String replicaId,
      String step,
      long stepNumber,
      int attempt,
      String outcome,
      String by,
      String detail,
      Instant at) {}
}
