package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.NotAuthenticated;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.vsphere.soap.LostAnswerException;
import io.switchback.vsphere.soap.SoapServer.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VCenterTest {
  private static final Answer TIME =
      Answer.of("CurrentTime", "<returnval>2026-11-23T01:02:03Z</returnval>");
  private static final String TASK = "<returnval type=\"Task\">task-1</returnval>";

  private ScriptedVCenter far;
  private VCenter vcenter;

  @BeforeEach
  void open() throws IOException {
    far = new ScriptedVCenter();
    vcenter = new VCenter(far.settings());
  }

  @AfterEach
  void close() {
    vcenter.close();
    far.close();
  }

  @Test
  void logsInOnceForAllWhoComeAtOnce() throws Exception {
    allAtOnce(8, this::readTime);

    assertThat(far.server.calls("Login")).isEqualTo(1);
    assertThat(far.server.calls("CurrentTime")).isEqualTo(8);
  }

  @Test
  void speaksTheHighestVersionThatBothKnow() throws Exception {
    far.versions = "<version>6.7</version><version>5.5</version><version>5.1</version>";

    readTime();

    assertThat(far.server.requests().getLast().action()).isEqualTo("\"urn:vim25/5.5\"");
  }

  @Test
  void sendsNoPasswordToAVCenterThatOffersNoVersionItSpeaks() {
    far.versions = "<version>10.0</version><version>9.0</version>";

    assertFault(Fault.OTHER_PROTOCOL, this::readTime);

    assertThat(far.server.calls("Login")).isZero();
  }

  @Test
  void neverTriesARefusedCredentialAgain() throws Exception {
    far.login = new Login("dr", "old");
    far.answers.put("Login", asked -> Answer.fault("InvalidLogin", "Cannot complete login.", ""));
    for (int i = 0; i < 3; i++) {
      assertFault(Fault.BAD_CREDENTIALS, this::readTime);
    }
    assertThat(far.server.calls("Login")).isEqualTo(1);

    far.answers.remove("Login");
    far.login = new Login("dr", "new");

    readTime();
    assertThat(far.server.calls("Login")).isEqualTo(2);
  }

  @Test
  void logsInAgainOnceForAllWhoseSessionHasExpired() throws Exception {
    readTime();
    far.expireFor("CurrentTime", TIME);

    allAtOnce(8, this::readTime);

    assertThat(far.server.calls("Login")).isEqualTo(2);
  }

  @Test
  void givesUpWhenTheNewSessionIsNotTakenEither() throws Exception {
    readTime();
    far.answers.put("CurrentTime", asked -> Answer.fault("NotAuthenticated", "no", ""));

    assertThatThrownBy(this::readTime).isInstanceOf(NotAuthenticated.class);

    assertThat(far.server.calls("Login")).isEqualTo(2);
  }

  @Test
  void repeatsAChangeThatAnExpiredSessionHasKeptFromHappening() throws Exception {
    readTime();
    far.expireFor("PowerOnVM_Task", Answer.of("PowerOnVM_Task", TASK));

    assertThat(change().getVal()).isEqualTo("task-1");

    assertThat(far.server.calls("PowerOnVM_Task")).isEqualTo(2);
  }

  @Test
  void repeatsAReadWhoseAnswerWasLost() throws Exception {
    readTime();
    far.answers.put(
        "CurrentTime",
        asked -> far.server.calls("CurrentTime") == 2 ? new Answer(502, List.of(), "gone") : TIME);

    readTime();

    assertThat(far.server.calls("CurrentTime")).isEqualTo(3);
  }

  @Test
  void neverRepeatsAChangeWhoseAnswerWasLost() {
    far.answers.put("PowerOnVM_Task", asked -> new Answer(502, List.of(), "gone"));

    assertThatThrownBy(this::change).isInstanceOf(LostAnswerException.class);

    assertThat(far.server.calls("PowerOnVM_Task")).isEqualTo(1);
  }

  @Test
  void sendsNoPasswordToAnotherVCenterThanBefore() throws Exception {
    readTime();
    far.expireFor("CurrentTime", TIME);
    far.uuid = "00000000-1111-4222-8333-444455556666";

    assertFault(Fault.CHECK_FAILED, this::readTime);

    assertThat(far.server.calls("Login")).isEqualTo(1);
  }

  @Test
  void sendsNoPasswordToAHost() {
    far.apiType = "HostAgent";

    assertFault(Fault.NOT_CONFIGURED, this::readTime);

    assertThat(far.server.calls("Login")).isZero();
  }

  @Test
  void endsItsSession() throws Exception {
    readTime();

    vcenter.close();

    assertThat(far.server.calls("Logout")).isEqualTo(1);
    assertThat(far.server.requests().getLast().cookie()).isEqualTo("vmware_soap_session=1");
    assertFault(Fault.SITE_UNREACHABLE, this::readTime);
    assertThat(far.server.calls("Login")).isEqualTo(1);
  }

  @Test
  void keepsASessionAliveThatNobodyUses() throws Exception {
    CountDownLatch twice = new CountDownLatch(2);
    far.answers.put(
        "CurrentTime",
        asked -> {
          twice.countDown();
          return TIME;
        });
    try (VCenter lively = new VCenter(far.settings(Duration.ofMillis(20)))) {
      assertThat(lively.about().getInstanceUuid()).isEqualTo(ScriptedVCenter.UUID);
      twice.await();
    }
    assertThat(far.server.calls("Login")).isEqualTo(1);
  }

  @Test
  void saysThatNobodyIsThere() {
    far.close();

    assertThatThrownBy(() -> VsphereFaults.translated("look", this::readTime))
        .isInstanceOfSatisfying(
            FaultException.class,
            fault -> assertThat(fault.fault()).isEqualTo(Fault.SITE_UNREACHABLE));
  }

  private Calendar readTime() throws java.rmi.RemoteException {
    return vcenter.read(live -> live.vim().currentTime(Session.serviceInstance()));
  }

  private ManagedObjectReference change() throws java.rmi.RemoteException {
    return vcenter.change(live -> live.vim().powerOnVM_Task(Session.serviceInstance(), null));
  }

  private static void assertFault(Fault fault, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FaultException.class, thrown -> assertThat(thrown.fault()).isEqualTo(fault));
  }

  private static void allAtOnce(int threads, java.util.concurrent.Callable<?> call)
      throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        calls.add(
            pool.submit(
                () -> {
                  start.await();
                  return call.call();
                }));
      }
      for (Future<?> one : calls) {
        one.get();
      }
    }
  }
}
