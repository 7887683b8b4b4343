package io.switchback.worker.stream;

import io.switchback.delta.ByteRange;
import io.switchback.delta.trust.Grant;
import io.switchback.delta.trust.GrantRefusedException;
import io.switchback.delta.trust.GrantUse;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.model.CredentialReference;
import io.switchback.port.GrantActivities;
import io.switchback.port.GrantActivities.GrantRead;
import io.switchback.port.GrantContract;
import io.switchback.port.GrantFixture;
import io.switchback.worker.demo.DemoTrust;
import io.switchback.worker.site.Credentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** Grants that are signed, as a site's worker judges them. */
class SignedGrantsContractTest extends GrantContract {
  @TempDir Path directory;

  @Override
  protected GrantFixture open() throws IOException {
    DemoTrust trust = DemoTrust.make(directory.resolve("trust"), List.of());
    StreamSettings settings =
        new StreamSettings(
            Map.of(),
            Map.of(),
            false,
            Optional.of(trust.grantKeys()),
            Optional.of(
                new CredentialReference(
                    CredentialReference.Source.FILE, trust.signingKey().toString())),
            directory.resolve("fences"));
    return new Signed(trust, settings);
  }

  private static final class Signed implements GrantFixture {
    private final InstantSource clock = InstantSource.system();
    private final DemoTrust files;
    private final StreamTrust trust;

    Signed(DemoTrust files, StreamSettings settings) {
      this.files = files;
      this.trust = new StreamTrust(settings, Credentials.ofThisMachine(), clock);
    }

    @Override
    public GrantActivities grants() {
      return new SignedGrants(trust, clock);
    }

    @Override
    public boolean opens(String grant, GrantRead use) {
      GrantedDisk disk =
          new GrantedDisk(use.vm().site(), use.vm().id(), use.disk(), use.snapshot());
      try {
        var _ =
            trust
                .grants()
                .verify(
                    Base64.getDecoder().decode(grant),
                    new GrantUse(
                        use.holder(),
                        disk,
                        Grant.Direction.READ,
                        new ByteRange(0, use.capacityBytes())));
        return true;
      } catch (GrantRefusedException refused) {
        return false;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public Instant now() {
      return clock.instant();
    }

    @Override
    public void loseKey() {
      try {
        Files.delete(files.signingKey());
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }
}
