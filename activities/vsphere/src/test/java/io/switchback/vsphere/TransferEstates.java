package io.switchback.vsphere;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A test fixture: two simulated vCenters, on which each test transfers between VMs of its own. */
final class TransferEstates implements AutoCloseable {
  private final VcsimEstate berlin = VcsimEstate.at("berlin", VcsimTransferFixture.flags());
  private final VcsimEstate munich = VcsimEstate.at("munich", VcsimTransferFixture.flags());

  VcsimEstate munich() {
    return munich;
  }

  /** One worker on both transfer appliances. */
  VcsimTransferFixture byPath() {
    return open(false);
  }

  /** Production's worker serves its disks to the other one. */
  VcsimTransferFixture streamed() {
    return open(true);
  }

  private VcsimTransferFixture open(boolean served) {
    try {
      return new VcsimTransferFixture(berlin, munich, served);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    munich.close();
    berlin.close();
  }
}
