package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That the front makes go wrong what a test says, and nothing else. */
@ApiTier
class FrontIT {
  private static final String SNAPSHOT =
      "<name>one</name><memory>false</memory><quiesce>false</quiesce>";

  private VcsimEstate estate;
  private Judge judge;
  private Front front;
  private RawSoap client;
  private String vm;

  @BeforeEach
  void open() throws IOException {
    estate = new VcsimEstate();
    judge = estate.judge();
    front = Front.before(estate.vcsim());
    client = RawSoap.of(front);
    client.login(estate.vcsim().login());
    vm = judge.vm("vm-0").reference();
  }

  @AfterEach
  void close() {
    client.close();
    front.close();
    estate.close();
  }

  private Message call(String method, String arguments) throws IOException {
    return client.call(method, "VirtualMachine", vm, arguments);
  }

  private Message reconfigure(String changeVersion, String value) throws IOException {
    return call(
        "ReconfigVM_Task",
        "<spec><changeVersion>%s</changeVersion><extraConfig><key>k</key><value xsi:type=\"xsd:string\">%s</value></extraConfig></spec>"
            .formatted(changeVersion, value));
  }

  private static String fault(Message answer) {
    assertThat(answer.isFault()).as(answer.write()).isTrue();
    return Message.type(
        Message.children(Message.all(answer.content(), "detail").getFirst()).getFirst());
  }

  @Test
  void passesOnWhatNobodyChose() throws IOException {
    assertThat(call("PowerOnVM_Task", "").first("returnval")).isPresent();

    assertThat(front.calls("PowerOnVM_Task")).isEqualTo(1);
    assertThat(judge.tasks("VirtualMachine.powerOn")).isEqualTo(1);
  }

  @Test
  void cutsBeforeVCenterHearsIt() {
    front.next("CreateSnapshot_Task", new Deed.CutBefore());

    assertThatThrownBy(() -> call("CreateSnapshot_Task", SNAPSHOT)).isInstanceOf(IOException.class);

    assertThat(front.calls("CreateSnapshot_Task")).isEqualTo(1);
    assertThat(judge.tasks("VirtualMachine.createSnapshotEx")).isZero();
    assertThat(judge.snapshots("vm-0")).isEmpty();
  }

  @Test
  void cutsAfterVCenterHasDoneIt() {
    front.next("CreateSnapshot_Task", new Deed.CutAfter());

    assertThatThrownBy(() -> call("CreateSnapshot_Task", SNAPSHOT)).isInstanceOf(IOException.class);

    assertThat(front.calls("CreateSnapshot_Task")).isEqualTo(1);
    assertThat(judge.snapshots("vm-0")).extracting(Judge.Snapshot::name).containsExactly("one");
  }

  @Test
  void doesEachDeedOnceAndInTurn() throws IOException {
    front.next("PowerOnVM_Task", Deed.hostNotConnected());
    front.next(
        "PowerOnVM_Task",
        Deed.noPermission("VirtualMachine.Interact.PowerOn", "VirtualMachine", vm));

    assertThat(fault(call("PowerOnVM_Task", ""))).isEqualTo("HostNotConnected");
    Message denied = call("PowerOnVM_Task", "");
    assertThat(fault(denied)).isEqualTo("NoPermission");
    assertThat(denied.first("privilegeId")).contains("VirtualMachine.Interact.PowerOn");
    assertThat(call("PowerOnVM_Task", "").isFault()).isFalse();
    assertThat(judge.tasks("VirtualMachine.powerOn")).isEqualTo(1);
  }

  @Test
  void cutsEverythingUntilItIsHealed() throws IOException {
    front.always("*", new Deed.CutBefore());

    assertThatThrownBy(() -> call("PowerOnVM_Task", "")).isInstanceOf(IOException.class);
    front.heal();

    assertThat(call("PowerOnVM_Task", "").isFault()).isFalse();
  }

  @Test
  void holdsACallUntilTheTestLetsItGo() throws Exception {
    CountDownLatch until = new CountDownLatch(1);
    front.next("PowerOnVM_Task", new Deed.Hold(until));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Message> answer = threads.submit(() -> call("PowerOnVM_Task", ""));
      assertThat(judge.tasks("VirtualMachine.powerOn")).isZero();
      assertThat(answer).isNotDone();

      until.countDown();

      assertThat(answer.get().isFault()).isFalse();
    }
  }

  @Test
  void answersWithoutVCenter() throws IOException {
    judge.power("vm-0", true);
    front.next("ShutdownGuest", new Deed.Answer(""));

    assertThat(call("ShutdownGuest", "").isFault()).isFalse();

    assertThat(judge.vm("vm-0").power()).isEqualTo("poweredOn");
  }

  @Test
  void endsSessionsForReadsAsWell() throws IOException {
    front.expireSessions();

    assertThat(fault(client.properties("VirtualMachine", vm, "name")))
        .isEqualTo("NotAuthenticated");
    assertThat(fault(call("PowerOnVM_Task", ""))).isEqualTo("NotAuthenticated");
    assertThat(judge.sessions()).isEmpty();
    try (RawSoap again = RawSoap.of(front)) {
      again.login(estate.vcsim().login());
      assertThat(again.property("VirtualMachine", vm, "name")).contains("vm-0");
    }
  }

  @Test
  void takesAReconfigurationFromTheVersionThatTheVmHas() throws IOException {
    String version = judge.vm("vm-0").changeVersion();

    assertThat(reconfigure(version, "first").isFault()).isFalse();

    assertThat(fault(reconfigure(version, "second"))).isEqualTo("ConcurrentAccess");
    assertThat(judge.vm("vm-0").extraConfig()).containsEntry("k", "first");
    assertThat(judge.tasks("VirtualMachine.reconfigVm")).isEqualTo(1);
    assertThat(reconfigure(judge.vm("vm-0").changeVersion(), "third").isFault()).isFalse();
  }

  @Test
  void letsOneOfTwoReconfigurationsFromOneVersionThrough() throws Exception {
    String version = judge.vm("vm-0").changeVersion();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Message>> answers =
          List.of(
              threads.submit(() -> reconfigure(version, "a")),
              threads.submit(() -> reconfigure(version, "b")));
      assertThat(answers)
          .extracting(answer -> answer.get().isFault())
          .containsExactlyInAnyOrder(true, false);
    }
  }

  @Test
  void knowsWhatWasLeftOpen() throws IOException {
    Message view =
        client.call(
            "CreateContainerView",
            "ViewManager",
            "ViewManager",
            "<container type=\"Folder\">group-d1</container><type>VirtualMachine</type><recursive>true</recursive>");
    Message collector =
        client.call("CreatePropertyCollector", "PropertyCollector", "propertyCollector", "");
    String viewId = view.first("returnval").orElseThrow();
    String collectorId = collector.first("returnval").orElseThrow();
    assertThat(front.leftOpen()).containsExactlyInAnyOrder(viewId, collectorId);

    client.call("DestroyView", "ContainerView", viewId, "");
    client.call("DestroyPropertyCollector", "PropertyCollector", collectorId, "");

    assertThat(front.leftOpen()).isEmpty();
  }
}
