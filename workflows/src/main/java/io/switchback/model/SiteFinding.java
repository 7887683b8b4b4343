package io.switchback.model;

import java.util.List;

/**
 * Something that stands, or may soon stand, in the way at a site, and what to do about it.
 *
 * @param sentence what is so
 * @param remedy what a person does about it
 */
public record SiteFinding(Kind kind, String sentence, String remedy) {
  private static final int NAMED = 5;

  /** What is found. */
  public enum Kind {
    /** Nobody polls the site's queue. */
    NO_WORKER(true),
    /** The worker was never told how to reach the site. */
    UNKNOWN_SITE(true),
    /** The hypervisor does not answer. */
    UNREACHABLE(true),
    /** What answers is another site. */
    OTHER_SITE(true),
    /** What the reference names is not there. */
    CREDENTIAL_MISSING(true),
    /** Others on the worker's machine can read the credential. */
    CREDENTIAL_EXPOSED(false),
    /** The site does not know the credential. */
    CREDENTIAL_WRONG(true),
    /** The site knows the credential, whose time is over. */
    CREDENTIAL_EXPIRED(true),
    /** The credential may look and not change. */
    CREDENTIAL_READ_ONLY(true),
    /** The account lacks a privilege that some operation needs. */
    PRIVILEGE_MISSING(true),
    /** VMs of the site cannot be protected as they are. */
    NOT_PROTECTABLE(false),
    /** The worker that answers moves no disks there, because it runs on no transfer appliance. */
    NO_TRANSFER_APPLIANCE(false),
    /** The VM that a worker runs on cannot move disks as it is. */
    TRANSFER_APPLIANCE_UNFIT(true),
    /** A transfer appliance has disks of other VMs that no transfer uses. */
    DISKS_LEFT_ATTACHED(false),
    /** The site's clock and the worker's differ. */
    CLOCK_SKEW(false),
    /** The network map names a network that is not there. */
    UNKNOWN_NETWORK(true),
    /** Placement or a cap names a host that is not there. */
    UNKNOWN_HOST(true),
    /** Placement or a cap names a datastore that is not there. */
    UNKNOWN_DATASTORE(true),
    /** Placement names a folder that is not there. */
    UNKNOWN_FOLDER(true),
    /** The site is to have an appliance that extends networks, and no VM there has its name. */
    APPLIANCE_MISSING(true),
    /** The site has more networks than its appliance has cards for. */
    TOO_MANY_NETWORKS(true),
    /** No host, or no datastore, has anything left. */
    NO_ROOM(true),
    /** A datastore is nearly full. */
    LITTLE_ROOM(false),
    /** It could not be looked at, for a reason without a name of its own. */
    NOT_LOOKED_AT(true);

    private final boolean stops;

    Kind(boolean stops) {
      this.stops = stops;
    }

    /** Whether operations at the site will fail for it; the others are warnings. */
    public boolean stops() {
      return stops;
    }
  }

  public SiteFinding {
    new Mistakes()
        .unless(kind != null, "kind is missing")
        .required(sentence, "sentence")
        .required(remedy, "remedy")
        .refuse("finding");
  }

  /** The worker was never told of the site. */
  public static SiteFinding unknownSite(SiteSettings site) {
    return new SiteFinding(
        Kind.UNKNOWN_SITE,
        "this worker was not told how to reach site '%s'".formatted(site.name()),
        "Start it with `%s`.".formatted(options(site)));
  }

  /** Nobody polls the queue. */
  public static SiteFinding noWorker(SiteSettings site, String queue) {
    return new SiteFinding(
        Kind.NO_WORKER,
        "no worker polls the queue '%s' to log in to site '%s'".formatted(queue, site.name()),
        "Start one there: `switchback worker --queues %s --temporal <host:port> %s`."
            .formatted(queue, options(site)));
  }

  /**
   * The account lacks a privilege.
   *
   * @param on names of what it lacks it on
   * @param purpose what cannot be done without it
   */
  public static SiteFinding privilegeMissing(
      String site, String privilege, List<String> on, String purpose) {
    return new SiteFinding(
        Kind.PRIVILEGE_MISSING,
        "the account at site '%s' lacks the privilege '%s' on %s, which it needs %s"
            .formatted(site, privilege, some(on), purpose),
        "Add it to the account's role there.");
  }

  /** VMs that cannot be protected as they are, because of {@code why}, a clause about them. */
  public static SiteFinding notProtectable(String site, List<String> vms, String why) {
    return new SiteFinding(
        Kind.NOT_PROTECTABLE,
        "site '%s' has VMs that cannot be protected, because %s: %s"
            .formatted(site, why, some(vms)),
        "Change their hardware if they are to be protected.");
  }

  /** The worker was told of no transfer appliance of the site. */
  public static SiteFinding noTransferAppliance(String site, String worker) {
    return new SiteFinding(
        Kind.NO_TRANSFER_APPLIANCE,
        "worker '%s' runs on no transfer appliance of site '%s', and leaves its disks to other workers"
            .formatted(worker, site),
        "If there is no other one, nothing is replicated and every transfer is put off as BUSY: start a worker on a VM there with `--appliance %s=<VM>`."
            .formatted(site));
  }

  /** The worker was told of one that cannot be found, because {@code named} VMs are called so. */
  public static SiteFinding unknownTransferAppliance(
      String site, String worker, String appliance, int named) {
    return new SiteFinding(
        Kind.NO_TRANSFER_APPLIANCE,
        "worker '%s' is to run on the transfer appliance '%s' of site '%s', where %d VMs are called so"
            .formatted(worker, appliance, site, named),
        "Start it with `--appliance %s=<VM>`, the name or instance uuid of the VM that it runs on."
            .formatted(site));
  }

  /** A transfer appliance cannot move disks, because of {@code why}, a clause. */
  public static SiteFinding unfitTransferAppliance(
      String site, String appliance, String why, String remedy) {
    return new SiteFinding(
        Kind.TRANSFER_APPLIANCE_UNFIT,
        "transfer appliance '%s' of site '%s' can move no disks, because %s"
            .formatted(appliance, site, why),
        remedy);
  }

  /**
   * Transfers that are no more have left disks at an appliance.
   *
   * @param disks each with its VM
   * @param obstacle why they could not be detached, a sentence; empty when that was not tried
   */
  public static SiteFinding disksLeftBehind(
      String site, String appliance, List<String> disks, String obstacle) {
    return new SiteFinding(
        Kind.DISKS_LEFT_ATTACHED,
        "transfer appliance '%s' of site '%s' still has disks of transfers that are no more: %s%s"
            .formatted(
                appliance, site, some(disks), obstacle.isEmpty() ? "" : " (" + obstacle + ")"),
        "Its worker detaches them within a minute. If they stay, mend what stands in the way, or detach them in the vSphere Client and keep their files.");
  }

  /**
   * Somebody else has attached disks to an appliance.
   *
   * @param disks each with its VM
   */
  public static SiteFinding disksAttachedByOthers(
      String site, String appliance, List<String> disks) {
    return new SiteFinding(
        Kind.DISKS_LEFT_ATTACHED,
        "transfer appliance '%s' of site '%s' has disks of other VMs that no transfer has attached: %s"
            .formatted(appliance, site, some(disks)),
        "Switchback leaves them there, and their VMs can be neither snapshot nor powered on. Detach them in the vSphere Client and keep their files.");
  }

  /** More names than five tell a person nothing. */
  public static String some(List<String> names) {
    return names.size() <= NAMED
        ? String.join(", ", names)
        : "%s and %d more"
            .formatted(String.join(", ", names.subList(0, NAMED)), names.size() - NAMED);
  }

  /** No VM of the site has the appliance's name. */
  public static SiteFinding applianceMissing(String site, String appliance) {
    return new SiteFinding(
        Kind.APPLIANCE_MISSING,
        "site '%s' has no VM '%s', which is to extend networks for what fails over to it"
            .formatted(site, appliance),
        "Deploy it there, or correct the site's settings with `switchback site add`.");
  }

  /** No appliance can serve all of the site's networks, because of {@code why}. */
  public static SiteFinding tooManyNetworks(String why) {
    return new SiteFinding(Kind.TOO_MANY_NETWORKS, why, SiteNetworks.IF_TOO_MANY + ".");
  }

  /** The look itself failed, because of {@code why}. */
  public static SiteFinding notLookedAt(String site, String why) {
    return new SiteFinding(
        Kind.NOT_LOOKED_AT,
        "site '%s' could not be looked at: %s".formatted(site, why),
        "Look at the worker's log, then check again.");
  }

  /** The hypervisor does not answer, because of {@code why}. */
  public static SiteFinding unreachable(String site, String why) {
    return new SiteFinding(
        Kind.UNREACHABLE,
        "site '%s' does not answer: %s".formatted(site, why),
        "Start its hypervisor, mend the way to it, or correct the worker's `--site %s=…`."
            .formatted(site));
  }

  /** The reference leads to nothing, because of {@code why}. */
  public static SiteFinding credentialMissing(String site, String why) {
    return new SiteFinding(
        Kind.CREDENTIAL_MISSING,
        "the credential for site '%s' cannot be had: %s".formatted(site, why),
        "Put it there, or correct the worker's `--credential %s=…`.".formatted(site));
  }

  /** Others can read the credential, in the way that {@code how} says. */
  public static SiteFinding credentialExposed(String site, String how, String remedy) {
    return new SiteFinding(
        Kind.CREDENTIAL_EXPOSED,
        "others can read the credential for site '%s': %s".formatted(site, how),
        remedy);
  }

  /** The site refuses the credential; {@code kind} tells why, {@code said} is its own sentence. */
  public static SiteFinding refused(Kind kind, String site, String said) {
    return new SiteFinding(
        kind,
        "site '%s' refuses the credential: %s".formatted(site, said),
        switch (kind) {
          case CREDENTIAL_EXPIRED ->
              "Have a new one issued and put it where the reference points; it is read again at the next use.";
          case CREDENTIAL_READ_ONLY ->
              "Put one with full rights where the reference points; it is read again at the next use.";
          default ->
              "Put the right one where the reference points, or correct the worker's `--credential %s=…`."
                  .formatted(site);
        });
  }

  private static String options(SiteSettings site) {
    String address = site.address().isEmpty() ? "<address>" : site.address();
    Object credential = site.credential() == null ? "<reference>" : site.credential();
    return "--site %1$s=%2$s --credential %1$s=%3$s".formatted(site.name(), address, credential);
  }
}
