package io.switchback.operation;

import io.switchback.fault.Fault;
import io.switchback.model.Pace;
import io.switchback.port.AdmissionActivities;
import io.switchback.port.ApplianceStartActivities;
import io.switchback.port.CatalogueActivities;
import io.switchback.port.ClaimActivities;
import io.switchback.port.CycleActivities;
import io.switchback.port.FailbackActivities;
import io.switchback.port.GrantActivities;
import io.switchback.port.GroupActivities;
import io.switchback.port.GroupSnapshotActivities;
import io.switchback.port.GuestActivities;
import io.switchback.port.InventoryActivities;
import io.switchback.port.LookoutActivities;
import io.switchback.port.NetworkExtensionActivities;
import io.switchback.port.NetworkPairActivities;
import io.switchback.port.NotifyActivities;
import io.switchback.port.PermanentFailoverActivities;
import io.switchback.port.PlaceholderActivities;
import io.switchback.port.ProtectionActivities;
import io.switchback.port.ProtectionPlanActivities;
import io.switchback.port.ProtectionRuleActivities;
import io.switchback.port.Queues;
import io.switchback.port.ReconcileActivities;
import io.switchback.port.ReplicationActivities;
import io.switchback.port.RoomActivities;
import io.switchback.port.RunActivities;
import io.switchback.port.SheetActivities;
import io.switchback.port.SiteActivities;
import io.switchback.port.SiteSettingsActivities;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.TransferActivities;
import io.switchback.port.VerifyActivities;
import io.switchback.port.VmActivities;
import io.switchback.port.WatchActivities;
import io.switchback.port.WindowActivities;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.activity.LocalActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Arrays;

/**
 * The ports as a run calls them: each on its queue, with the run's patience, and with the summary
 * that the Temporal UI shows beside the step.
 */
final class Ports {
  /** Between two questions whether there is room, for what is short. */
  static final Duration SHORT_PAUSE = Duration.ofSeconds(1);

  private static final Duration REGISTRY_LIMIT = Duration.ofSeconds(30);
  private static final Duration QUEUE_LIMIT = Duration.ofMinutes(5);

  /** A disaster does not wait long for an answer that it may have taken away. */
  private static final int QUESTION_ATTEMPTS = 3;

  private static final Duration HELLO_LIMIT = Duration.ofSeconds(10);
  private static final Duration END_LIMIT = Duration.ofMinutes(2);
  private static final Duration CHECK_LIMIT = Duration.ofSeconds(30);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

  private static final String[] NOT_WAITED_FOR =
      Arrays.stream(Fault.values())
          .filter(fault -> fault != Fault.NO_ADMISSION)
          .map(Fault::name)
          .toArray(String[]::new);

  private Pace pace;

  Ports(Pace pace) {
    this.pace = pace;
  }

  Pace pace() {
    return pace;
  }

  /** Is so patient from now on; a step that has begun goes on as it began. */
  void follow(Pace now) {
    pace = now;
  }

  ClaimActivities claims(String summary) {
    return registry(ClaimActivities.class, summary);
  }

  CatalogueActivities catalogue(String summary) {
    return registry(CatalogueActivities.class, summary);
  }

  CycleActivities cycles(String summary) {
    return registry(CycleActivities.class, summary);
  }

  GroupActivities groups(String summary) {
    return registry(GroupActivities.class, summary);
  }

  ReplicationActivities replication(String summary) {
    return registry(ReplicationActivities.class, summary);
  }

  PermanentFailoverActivities permanentFailover(String summary) {
    return registry(PermanentFailoverActivities.class, summary);
  }

  FailbackActivities failbacks(String summary) {
    return registry(FailbackActivities.class, summary);
  }

  WindowActivities windows(String summary) {
    return registry(WindowActivities.class, summary);
  }

  ReconcileActivities reconcile(String summary) {
    return registry(ReconcileActivities.class, summary);
  }

  RunActivities runs(String summary) {
    return registry(RunActivities.class, summary);
  }

  NotifyActivities notify(String summary) {
    return Workflow.newActivityStub(
        NotifyActivities.class,
        ActivityOptions.newBuilder()
            .setTaskQueue(Queues.SWITCHBACK)
            .setSummary(summary)
            .setStartToCloseTimeout(REGISTRY_LIMIT)
            .setRetryOptions(retries())
            .build());
  }

  /**
   * Asks again after a second, and then less often down to every {@code longestPause}, for as long
   * as there is no room: time in the queue is not execution time. Any other fault comes back at
   * once, because Temporal would count its attempts together with those that waited.
   */
  AdmissionActivities admission(String summary, Duration longestPause) {
    return Workflow.newActivityStub(
        AdmissionActivities.class,
        registryOptions(summary)
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .setRetryOptions(
                RetryOptions.newBuilder()
                    .setInitialInterval(SHORT_PAUSE)
                    .setBackoffCoefficient(longestPause.equals(SHORT_PAUSE) ? 1 : 1.5)
                    .setMaximumInterval(longestPause)
                    .setDoNotRetry(NOT_WAITED_FOR)
                    .build())
            .build());
  }

  ProtectionActivities protection(String summary) {
    return registry(ProtectionActivities.class, summary);
  }

  ProtectionPlanActivities protectionPlan(String summary) {
    return registry(ProtectionPlanActivities.class, summary);
  }

  ProtectionRuleActivities protectionRules(String summary) {
    return registry(ProtectionRuleActivities.class, summary);
  }

  LookoutActivities lookout(String summary) {
    return registry(LookoutActivities.class, summary);
  }

  InventoryActivities inventory(String site, String summary) {
    return site(InventoryActivities.class, site, summary, pace.stepLimit());
  }

  PlaceholderActivities placeholders(String site, String summary) {
    return site(PlaceholderActivities.class, site, summary, pace.stepLimit());
  }

  /** Asks once: what is asked again soon anyway is not retried. */
  AdmissionActivities prolongation(String summary) {
    return Workflow.newActivityStub(
        AdmissionActivities.class,
        registryOptions(summary)
            .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
            .build());
  }

  AdmissionActivities dismissal(String summary) {
    return registry(AdmissionActivities.class, summary);
  }

  /** One question in the workflow's own task: there is room now, or whoever asks waits for it. */
  AdmissionActivities admissionAtOnce() {
    return inOwnTask(AdmissionActivities.class);
  }

  /**
   * The audit is written on the way, in the workflow's own task, so that it costs no round through
   * a queue.
   */
  CatalogueActivities audit() {
    return inOwnTask(CatalogueActivities.class);
  }

  /**
   * What a loop asks at every turn is asked in the workflow's own task; what fails is asked at the
   * next turn.
   */
  WatchActivities watch() {
    return inOwnTask(WatchActivities.class);
  }

  private static <T> T inOwnTask(Class<T> port) {
    return Workflow.newLocalActivityStub(
        port,
        LocalActivityOptions.newBuilder()
            .setScheduleToCloseTimeout(Duration.ofSeconds(5))
            .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
            .build());
  }

  /** For what the audit still owes at the end: waits for the registry as long as it takes. */
  CatalogueActivities patientAudit(String summary) {
    return Workflow.newActivityStub(
        CatalogueActivities.class,
        registryOptions(summary)
            .setRetryOptions(
                RetryOptions.newBuilder()
                    .setInitialInterval(pace.backoff())
                    .setMaximumInterval(LONGEST_BACKOFF)
                    .build())
            .build());
  }

  VmActivities vms(String site, String summary) {
    return site(VmActivities.class, site, summary, pace.stepLimit());
  }

  GuestActivities guests(String site, String summary) {
    return site(
        GuestActivities.class,
        site,
        summary,
        pace.bootLimit().plus(pace.heartbeat()).plusMinutes(1));
  }

  /** Guests that may take until {@code limit} to do as they are asked. */
  GuestActivities guests(String site, String summary, Duration limit) {
    return site(GuestActivities.class, site, summary, limit.plus(pace.heartbeat()).plusMinutes(1));
  }

  SnapshotActivities snapshots(String site, String summary) {
    return site(SnapshotActivities.class, site, summary, pace.stepLimit());
  }

  GroupSnapshotActivities groupSnapshots(String site, String summary) {
    return site(GroupSnapshotActivities.class, site, summary, pace.stepLimit());
  }

  NetworkPairActivities networkPairs(String summary) {
    return registry(NetworkPairActivities.class, summary);
  }

  /** What is asked every other second is asked in the workflow's own task. */
  NetworkPairActivities networkPairsAtOnce() {
    return inOwnTask(NetworkPairActivities.class);
  }

  NetworkExtensionActivities ends(String site, String summary) {
    return once(NetworkExtensionActivities.class, site, summary);
  }

  ApplianceStartActivities applianceStarts(String summary) {
    return registry(ApplianceStartActivities.class, summary);
  }

  /** The inventory in which an appliance's VM is found. */
  InventoryActivities appliances(String site, String summary) {
    return once(InventoryActivities.class, site, summary);
  }

  /** The power of an appliance's VM. */
  VmActivities appliancePower(String site, String summary) {
    return once(VmActivities.class, site, summary);
  }

  /**
   * Once: the loop that asks tries again by itself, and a site that is gone must not hold it up.
   */
  private <T> T once(Class<T> port, String site, String summary) {
    return Workflow.newActivityStub(
        port,
        ActivityOptions.newBuilder(questionOptions(site, summary, 1))
            .setStartToCloseTimeout(END_LIMIT)
            .build());
  }

  VerifyActivities verify(String site, String summary) {
    return site(VerifyActivities.class, site, summary, pace.stepLimit());
  }

  TransferActivities fences(String site, String summary) {
    return site(TransferActivities.class, site, summary, pace.stepLimit());
  }

  /** A transfer takes as long as its data need; what ends it is silence. */
  TransferActivities transfers(String site, String summary) {
    return site(TransferActivities.class, site, summary, Duration.ofDays(7));
  }

  /** One question, answered or not: for facts that a disaster may have taken away. */
  VmActivities vmsIfReachable(String site, String summary) {
    return Workflow.newActivityStub(
        VmActivities.class, questionOptions(site, summary, QUESTION_ATTEMPTS));
  }

  SnapshotActivities snapshotsIfReachable(String site, String summary) {
    return Workflow.newActivityStub(
        SnapshotActivities.class, questionOptions(site, summary, QUESTION_ATTEMPTS));
  }

  RoomActivities rooms(String site, String summary) {
    return Workflow.newActivityStub(
        RoomActivities.class, questionOptions(site, summary, QUESTION_ATTEMPTS));
  }

  /** No disaster waits for a sheet: it is given up only as late as any other step. */
  SheetActivities sheets(String site, String summary) {
    return Workflow.newActivityStub(
        SheetActivities.class, questionOptions(site, summary, pace.attempts()));
  }

  SiteActivities hello(String site) {
    return Workflow.newActivityStub(
        SiteActivities.class,
        questionOptions(site, "Who serves site " + site + "?", pace.attempts()));
  }

  /** As patient as every other step: a question of a cycle is no roll call. */
  SiteActivities site(String site, String summary) {
    return site(SiteActivities.class, site, summary, pace.stepLimit());
  }

  /** Signed in the workflow's own task. */
  GrantActivities grants() {
    return inOwnTask(GrantActivities.class);
  }

  SiteSettingsActivities siteSettings(String summary) {
    return registry(SiteSettingsActivities.class, summary);
  }

  /** Once: what does not answer is what is to be found out. */
  SiteActivities siteCheck(String site, String summary) {
    return Workflow.newActivityStub(
        SiteActivities.class,
        ActivityOptions.newBuilder(questionOptions(site, summary, 1))
            .setStartToCloseTimeout(CHECK_LIMIT)
            .build());
  }

  /** A worker that dies over a question is noticed by its silence, and another one is asked. */
  private ActivityOptions questionOptions(String site, String summary, int attempts) {
    return ActivityOptions.newBuilder()
        .setTaskQueue(Queues.site(site))
        .setSummary(summary)
        .setScheduleToStartTimeout(HELLO_LIMIT)
        .setStartToCloseTimeout(HELLO_LIMIT)
        .setHeartbeatTimeout(pace.heartbeat())
        .setRetryOptions(
            RetryOptions.newBuilder()
                .setInitialInterval(pace.backoff())
                .setMaximumAttempts(attempts)
                .build())
        .build();
  }

  private <T> T registry(Class<T> port, String summary) {
    return Workflow.newActivityStub(
        port, registryOptions(summary).setRetryOptions(retries()).build());
  }

  private ActivityOptions.Builder registryOptions(String summary) {
    return ActivityOptions.newBuilder()
        .setTaskQueue(Queues.SWITCHBACK)
        .setSummary(summary)
        .setHeartbeatTimeout(pace.heartbeat())
        .setStartToCloseTimeout(REGISTRY_LIMIT);
  }

  private <T> T site(Class<T> port, String site, String summary, Duration limit) {
    return Workflow.newActivityStub(
        port,
        ActivityOptions.newBuilder()
            .setTaskQueue(Queues.site(site))
            .setSummary(summary)
            .setScheduleToStartTimeout(QUEUE_LIMIT)
            .setStartToCloseTimeout(limit)
            .setHeartbeatTimeout(pace.heartbeat())
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .setRetryOptions(retries())
            .build());
  }

  /** The backoff that follows {@code backoff}. */
  static Duration longer(Duration backoff) {
    Duration doubled = backoff.multipliedBy(2);
    return doubled.compareTo(LONGEST_BACKOFF) < 0 ? doubled : LONGEST_BACKOFF;
  }

  private RetryOptions retries() {
    return RetryOptions.newBuilder()
        .setInitialInterval(pace.backoff())
        .setBackoffCoefficient(2)
        .setMaximumInterval(LONGEST_BACKOFF)
        .setMaximumAttempts(pace.attempts())
        .build();
  }
}
