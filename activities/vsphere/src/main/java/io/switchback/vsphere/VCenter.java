package io.switchback.vsphere;

import com.vmware.vim25.AboutInfo;
import com.vmware.vim25.InvalidLogin;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.NotAuthenticated;
import com.vmware.vim25.ServiceContent;
import com.vmware.vim25.VimPortType;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.vsphere.soap.FaultString;
import io.switchback.vsphere.soap.LostAnswerException;
import io.switchback.vsphere.soap.SoapClient;
import java.io.IOException;
import java.net.MalformedURLException;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One vCenter as this worker uses it: one session for all activities, begun when the first needs
 * it, kept alive, begun anew when it has expired, and always ended. Safe for many threads.
 */
public final class VCenter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VCenter.class);

  /** What vijava's classes speak, the newest first. */
  private static final List<String> SPOKEN = List.of("6.0", "5.5", "5.1", "5.0");

  /** An account locks after some refused logins within minutes: one in this time is no danger. */
  private static final Duration REFUSED_FOR = Duration.ofMinutes(2);

  private final VCenterSettings settings;
  private final SoapClient client;
  private final OperationCaps caps;
  private final Tags tags;
  private final ScheduledExecutorService keepAlive;
  private final Map<String, ManagedObjectReference> references = new ConcurrentHashMap<>();
  private final ReentrantLock loggingIn = new ReentrantLock();
  private final AtomicReference<@Nullable Refused> refused;
  private volatile @Nullable Session session;
  private volatile boolean isClosed;
  private String instanceUuid;
  private volatile String spoken = "";

  /** A login that vCenter does not take. */
  private record Refused(Login login, long atNanos, String why) {}

  /** A call that needs a session. */
  interface Call<T extends @Nullable Object> {
    T on(Session session) throws RemoteException;
  }

  /**
   * Connects to nothing yet.
   *
   * @throws FaultException NOT_CONFIGURED when the trusted certificates cannot be read
   */
  public VCenter(VCenterSettings settings) {
    this(settings, new AtomicReference<>());
  }

  private VCenter(VCenterSettings settings, AtomicReference<@Nullable Refused> refused) {
    this.refused = refused;
    this.settings = settings;
    this.instanceUuid = settings.instanceUuid();
    this.caps = new OperationCaps(settings.site(), settings.caps());
    try {
      this.client = new SoapClient(settings.endpoint(), SPOKEN.getFirst());
    } catch (IOException e) {
      throw new FaultException(
          Fault.NOT_CONFIGURED,
          "Could not prepare for the vCenter of site '%s': %s. Put its CA file or certificate pin right."
              .formatted(settings.site(), e.getMessage()),
          e);
    }
    this.tags = new Tags(client.rest(), settings.login());
    this.keepAlive =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("keep-alive-" + settings.site()).factory());
    long period = settings.keepAlive().toNanos();
    var _ = keepAlive.scheduleWithFixedDelay(this::stayAlive, period, period, TimeUnit.NANOSECONDS);
  }

  /**
   * The same vCenter with a session of its own, which begins with the credential as it is then.
   * What was refused to one of them the other does not try, either.
   */
  VCenter anew() {
    return new VCenter(settings, refused);
  }

  /** The version of the API in which it is spoken to; empty before the first call. */
  String spoken() {
    return spoken;
  }

  String site() {
    return settings.site();
  }

  OperationCaps caps() {
    return caps;
  }

  /** What people have tagged there. */
  Tags tags() {
    return tags;
  }

  /** Where VMs were last found, by instance uuid: a hint, to be verified at each use. */
  Map<String, ManagedObjectReference> references() {
    return references;
  }

  /** What vCenter says of itself. */
  AboutInfo about() throws RemoteException {
    return read(live -> live.content().getAbout());
  }

  /**
   * Makes a call that changes nothing. It is repeated once: with a new session when the old one has
   * expired, or when its answer was lost.
   *
   * @throws FaultException BAD_CREDENTIALS, OTHER_PROTOCOL or CHECK_FAILED when no session can be
   *     begun
   */
  <T extends @Nullable Object> T read(Call<T> call) throws RemoteException {
    Session used = session();
    try {
      return call.on(used);
    } catch (NotAuthenticated expired) {
      return call.on(sessionAfter(used));
    } catch (LostAnswerException lost) {
      if (Thread.currentThread().isInterrupted()) {
        throw lost;
      }
      return call.on(used);
    }
  }

  /**
   * Makes a call that changes something. It is repeated only when vCenter has certainly refused it,
   * because the session has expired.
   *
   * @throws LostAnswerException when it is not known whether it was done: look, do not repeat it
   * @throws FaultException as {@link #read}
   */
  <T extends @Nullable Object> T change(Call<T> call) throws RemoteException {
    Session used = session();
    try {
      return call.on(used);
    } catch (NotAuthenticated expired) {
      return call.on(sessionAfter(used));
    }
  }

  /** The session to use now. */
  private Session session() throws RemoteException {
    Session live = session;
    return live == null ? sessionAfter(null) : live;
  }

  /**
   * A session that is not {@code expired}; whoever comes first begins it, the others wait for it.
   */
  private Session sessionAfter(@Nullable Session expired) throws RemoteException {
    loggingIn.lock();
    try {
      Session live = session;
      if (live != null && live != expired) {
        return live;
      }
      if (isClosed) {
        throw new FaultException(
            Fault.SITE_UNREACHABLE,
            "Could not use the vCenter of site '%s': this worker is stopping."
                .formatted(settings.site()));
      }
      Session begun = begin();
      session = begun;
      return begun;
    } finally {
      loggingIn.unlock();
    }
  }

  private Session begin() throws RemoteException {
    Login login = settings.login().get();
    refuseRefused(login);
    try {
      String version = version();
      SoapClient conversation = client.conversation(version);
      spoken = version;
      VimPortType vim = new VimPortType(conversation);
      ServiceContent content = vim.retrieveServiceContent(Session.serviceInstance());
      verify(content.getAbout());
      vim.login(content.getSessionManager(), login.user(), login.password(), "en");
      refused.set(null);
      LOG.info(
          "began a session site={} vcenter={} version={} user={}",
          settings.site(),
          content.getAbout().getInstanceUuid(),
          content.getAbout().getVersion(),
          login.user());
      return new Session(vim, content);
    } catch (InvalidLogin wrong) {
      Refused now = new Refused(login, System.nanoTime(), FaultString.of(wrong));
      refused.set(now);
      throw badCredentials(now, wrong);
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void refuseRefused(Login login) {
    Refused last = refused.get();
    if (last != null
        && last.login().equals(login)
        && System.nanoTime() - last.atNanos() < REFUSED_FOR.toNanos()) {
      throw badCredentials(last, null);
    }
  }

  private FaultException badCredentials(Refused last, @Nullable Throwable cause) {
    return new FaultException(
        Fault.BAD_CREDENTIALS,
        "Could not log in to the vCenter of site '%s' as '%s': %s%s Put the site's credential right, then retry the step; the same one is tried again after %d minutes at the earliest, because accounts lock."
            .formatted(
                settings.site(),
                last.login().user(),
                last.why(),
                last.why().endsWith(".") ? "" : ".",
                REFUSED_FOR.toMinutes()),
        cause);
  }

  private String version() throws RemoteException {
    List<String> offered = client.offeredVersions();
    return SPOKEN.stream()
        .filter(offered::contains)
        .findFirst()
        .orElseThrow(
            () ->
                new FaultException(
                    Fault.OTHER_PROTOCOL,
                    "Could not talk to the vCenter of site '%s': it offers the API versions %s, and this worker speaks %s. Use a release of Switchback for that vCenter."
                        .formatted(settings.site(), offered, SPOKEN)));
  }

  /** Before a password is sent: VMs are known by ids that only their own vCenter can resolve. */
  private void verify(AboutInfo about) {
    String found = about.getInstanceUuid();
    if (!"VirtualCenter".equals(about.getApiType())) {
      throw new FaultException(
          Fault.NOT_CONFIGURED,
          "Could not use %s for site '%s': it is no vCenter but a '%s'. Name the vCenter that its hosts belong to."
              .formatted(settings.endpoint().address(), settings.site(), about.getFullName()));
    }
    if (!instanceUuid.isEmpty() && !instanceUuid.equals(found)) {
      throw new FaultException(
          Fault.CHECK_FAILED,
          "Could not use the vCenter of site '%s': %s is now the vCenter %s, and was %s. If it was replaced, protect its VMs anew; if not, put the site's address right."
              .formatted(settings.site(), settings.endpoint().address(), found, instanceUuid));
    }
    instanceUuid = found;
  }

  private void stayAlive() {
    Session live = session;
    if (live == null) {
      return;
    }
    try {
      live.vim().currentTime(Session.serviceInstance());
    } catch (RemoteException e) {
      // Whoever needs the session next begins a new one.
      LOG.warn("could not keep a session alive site={} because={}", settings.site(), e.toString());
    }
  }

  /** Ends the session; calls that still run may fail. */
  @Override
  public void close() {
    keepAlive.shutdownNow();
    loggingIn.lock();
    try {
      isClosed = true;
      tags.close();
      Session live = session;
      session = null;
      if (live != null) {
        live.vim().logout(live.content().getSessionManager());
        LOG.info("ended the session site={}", settings.site());
      }
    } catch (RemoteException e) {
      LOG.warn("could not end the session site={} because={}", settings.site(), e.toString());
    } finally {
      loggingIn.unlock();
      client.close();
    }
  }
}
