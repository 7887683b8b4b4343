package io.switchback.worker;

import io.switchback.appliance.ApplianceExtensionActivities;
import io.switchback.appliance.SshSettings;
import io.switchback.appliance.TunnelBook;
import io.switchback.appliance.TunnelBook.TunnelFigures;
import io.switchback.delta.TransferBook;
import io.switchback.delta.wire.ServedDisks;
import io.switchback.lab.LabCopyActivities;
import io.switchback.lab.LabDrillNetworkActivities;
import io.switchback.lab.LabGroupSnapshotActivities;
import io.switchback.lab.LabGuestActivities;
import io.switchback.lab.LabInventoryActivities;
import io.switchback.lab.LabPlaceholderActivities;
import io.switchback.lab.LabRoomActivities;
import io.switchback.lab.LabServedDisks;
import io.switchback.lab.LabSheetActivities;
import io.switchback.lab.LabSiteActivities;
import io.switchback.lab.LabSites;
import io.switchback.lab.LabSnapshotActivities;
import io.switchback.lab.LabTransferActivities;
import io.switchback.lab.LabVmActivities;
import io.switchback.model.Pace;
import io.switchback.model.SiteKind;
import io.switchback.notify.NotifySettings;
import io.switchback.notify.WebhookNotifyActivities;
import io.switchback.port.SiteActivities;
import io.switchback.registry.Estate;
import io.switchback.registry.EstateFigures;
import io.switchback.registry.EstateView;
import io.switchback.registry.PostgresAdmissionActivities;
import io.switchback.registry.PostgresCatalogueActivities;
import io.switchback.registry.PostgresClaimActivities;
import io.switchback.registry.PostgresCycleActivities;
import io.switchback.registry.PostgresFailbackActivities;
import io.switchback.registry.PostgresGroupActivities;
import io.switchback.registry.PostgresNetworkPairActivities;
import io.switchback.registry.PostgresPermanentFailoverActivities;
import io.switchback.registry.PostgresProtectionActivities;
import io.switchback.registry.PostgresProtectionPlanActivities;
import io.switchback.registry.PostgresProtectionRuleActivities;
import io.switchback.registry.PostgresReconcileActivities;
import io.switchback.registry.PostgresSiteSettingsActivities;
import io.switchback.registry.PostgresWatchActivities;
import io.switchback.registry.PostgresWindowActivities;
import io.switchback.registry.RegistryDatabase;
import io.switchback.verify.OutsideVerifyActivities;
import io.switchback.verify.VerifySettings;
import io.switchback.vsphere.Appliances;
import io.switchback.vsphere.VCenters;
import io.switchback.vsphere.VsphereCopyActivities;
import io.switchback.vsphere.VsphereDrillNetworkActivities;
import io.switchback.vsphere.VsphereGuestActivities;
import io.switchback.vsphere.VsphereInventoryActivities;
import io.switchback.vsphere.VspherePlaceholderActivities;
import io.switchback.vsphere.VsphereRoomActivities;
import io.switchback.vsphere.VsphereServedDisks;
import io.switchback.vsphere.VsphereSheetActivities;
import io.switchback.vsphere.VsphereSiteActivities;
import io.switchback.vsphere.VsphereSnapshotActivities;
import io.switchback.vsphere.VsphereTransferActivities;
import io.switchback.vsphere.VsphereVmActivities;
import io.switchback.worker.local.HostPort;
import io.switchback.worker.local.RegistryLogin;
import io.switchback.worker.site.Credentials;
import io.switchback.worker.stream.SignedGrants;
import io.switchback.worker.stream.StreamDialler;
import io.switchback.worker.stream.StreamServers;
import io.switchback.worker.stream.StreamTrust;
import io.temporal.client.WorkflowClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The adapters of a worker process: which class stands behind which port. */
final class Adapters implements AutoCloseable {
  private final WorkerSettings settings;
  private final SiteLogins logins;
  private final LabSites lab;
  private final VCenters vcenters;
  private final Appliances appliances;
  private final WebhookNotifyActivities webhook;
  private final TransferBook transfers = new TransferBook();
  private final OutsideVerifyActivities verify =
      new OutsideVerifyActivities(VerifySettings.standard());
  private final TunnelBook tunnels = new TunnelBook(InstantSource.system());
  private final ApplianceExtensionActivities extension =
      new ApplianceExtensionActivities(
          SshSettings.standard(), Credentials.ofThisMachine()::resolve, tunnels);
  private @Nullable RegistryDatabase registry;

  Adapters(WorkerSettings settings) {
    this.settings = settings;
    this.logins = new SiteLogins(settings);
    this.lab = new LabSites(logins.clients(), logins::client);
    this.vcenters = new VCenters(Map.of(), logins::vcenter);
    this.appliances = new Appliances(vcenters, settings.appliances());
    appliances.start();
    this.webhook =
        new WebhookNotifyActivities(
            settings.webhook().isEmpty()
                ? NotifySettings.none()
                : NotifySettings.webhook(settings.webhook()));
  }

  /** Opens the registry; fails while the database does not answer. */
  RegistryDatabase openRegistry() {
    RegistryDatabase database = registry;
    if (database == null) {
      database = RegistryDatabase.open(RegistryLogin.of(settings.registry()));
      registry = database;
    }
    logins.use(database);
    return database;
  }

  /** What this worker has seen of tunnels. */
  List<TunnelFigures> tunnels() {
    return tunnels.all();
  }

  /** What this worker's transfers move. */
  TransferBook transfers() {
    return transfers;
  }

  /** The estate in numbers. */
  EstateFigures figures() {
    RegistryDatabase database = registry;
    if (database == null) {
      throw new IllegalStateException("the registry has not answered yet");
    }
    return EstateFigures.read(database);
  }

  /** What operations need beside the sites, for the queue {@code switchback}. */
  List<Object> forOperations(WorkflowClient client, StreamTrust trust) {
    RegistryDatabase database = Objects.requireNonNull(registry, "the registry is opened first");
    return List.of(
        new PostgresClaimActivities(database),
        new PostgresCatalogueActivities(database),
        new PostgresCycleActivities(database),
        new PostgresGroupActivities(database),
        new PostgresAdmissionActivities(database),
        new PostgresWatchActivities(database),
        new PostgresProtectionActivities(database),
        new PostgresProtectionPlanActivities(database),
        new PostgresProtectionRuleActivities(database),
        new PostgresSiteSettingsActivities(database),
        new PostgresPermanentFailoverActivities(database),
        new PostgresFailbackActivities(database),
        new PostgresWindowActivities(database),
        new PostgresNetworkPairActivities(database),
        new PostgresReconcileActivities(database),
        new TemporalRunActivities(client),
        new TemporalReplicationActivities(client, replica -> pace(database, replica)),
        new TemporalLookoutActivities(client),
        new SignedGrants(trust, InstantSource.system()),
        webhook);
  }

  /** The pace of the replica's recovery site. */
  private static Pace pace(RegistryDatabase database, String replicaId) {
    EstateView estate = new Estate(database).read(0);
    return estate.replicas().stream()
        .filter(one -> one.replica().id().equals(replicaId))
        .map(one -> one.replica().recovery().site())
        .flatMap(site -> estate.sites().stream().filter(known -> known.name().equals(site)))
        .map(EstateView.SiteView::pace)
        .findFirst()
        .orElse(Pace.DEFAULT);
  }

  /** What touches a site, by the platform that it runs on. */
  List<Object> forSite(String site, String worker, StreamServers served, StreamTrust trust) {
    List<Object> all = new ArrayList<>(List.of(sites(worker, served), extension, verify));
    all.addAll(
        switch (logins.kind(site)) {
          case LAB ->
              List.of(
                  new LabVmActivities(lab),
                  new LabGuestActivities(lab),
                  new LabSnapshotActivities(lab),
                  new LabGroupSnapshotActivities(lab),
                  new LabTransferActivities(
                      lab,
                      new StreamDialler(settings.streams(), trust),
                      transfers,
                      settings.rateLimits()),
                  new LabRoomActivities(lab),
                  new LabSheetActivities(lab),
                  new LabInventoryActivities(lab),
                  new LabPlaceholderActivities(lab),
                  new LabCopyActivities(lab),
                  new LabDrillNetworkActivities(lab));
          case VSPHERE ->
              List.of(
                  new VsphereVmActivities(vcenters),
                  new VsphereGuestActivities(vcenters),
                  new VsphereSnapshotActivities(vcenters),
                  new VsphereTransferActivities(
                      vcenters,
                      appliances,
                      new StreamDialler(settings.streams(), trust),
                      transfers,
                      settings.rateLimits()),
                  new VsphereInventoryActivities(vcenters),
                  new VsphereRoomActivities(vcenters),
                  new VsphereSheetActivities(vcenters),
                  new VspherePlaceholderActivities(vcenters),
                  new VsphereCopyActivities(vcenters),
                  new VsphereDrillNetworkActivities(vcenters));
        });
    return all;
  }

  /** A worker also looks at the sites that its own fails over from, whatever they run on. */
  private SiteActivities sites(String worker, StreamServers served) {
    Function<String, Optional<String>> dataAddress =
        site -> served.address(site).map(HostPort::toString);
    SiteActivities ofLab =
        new LabSiteActivities(
            lab, worker, Build.id(), logins::findings, dataAddress, InstantSource.system());
    SiteActivities ofVsphere =
        new VsphereSiteActivities(
            vcenters,
            appliances,
            worker,
            Build.id(),
            logins::findings,
            dataAddress,
            InstantSource.system());
    return new SitesByKind(logins::kind, Map.of(SiteKind.LAB, ofLab, SiteKind.VSPHERE, ofVsphere));
  }

  /** The disks that streams to other sites are read from. */
  ServedDisks servedDisks() {
    ServedDisks ofLab = new LabServedDisks(lab);
    ServedDisks ofVsphere = new VsphereServedDisks(vcenters, appliances);
    return disk ->
        switch (logins.kind(disk.site())) {
          case LAB -> ofLab.open(disk);
          case VSPHERE -> ofVsphere.open(disk);
        };
  }

  @Override
  public void close() {
    lab.close();
    appliances.close();
    vcenters.close();
    verify.close();
    webhook.close();
    RegistryDatabase database = registry;
    if (database != null) {
      database.close();
    }
  }
}
