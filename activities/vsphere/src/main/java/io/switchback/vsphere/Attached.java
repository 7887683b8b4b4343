package io.switchback.vsphere;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A disk that this worker's VM has for one transfer; closing detaches it. */
final class Attached implements AutoCloseable {
  private final Appliance appliance;
  private final Attachment attachment;
  private final Loan loan;
  private final Path link;
  private final Path device;

  /**
   * @param link by which this system shows it
   */
  Attached(Appliance appliance, Attachment attachment, Loan loan, Path link) {
    this.appliance = appliance;
    this.attachment = attachment;
    this.loan = loan;
    this.link = link;
    this.device = target(link);
  }

  // One that is gone again is found missing at the first use.
  private static Path target(Path link) {
    try {
      return link.toRealPath();
    } catch (IOException gone) {
      return link;
    }
  }

  Attachment attachment() {
    return attachment;
  }

  Path link() {
    return link;
  }

  /** Whether the system still shows the same device for it. */
  boolean isThere() throws IOException {
    try {
      return link.toRealPath().equals(device);
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  @Override
  public void close() {
    appliance.giveBack("detach '%s'".formatted(loan.file()), attachment, loan);
  }
}
