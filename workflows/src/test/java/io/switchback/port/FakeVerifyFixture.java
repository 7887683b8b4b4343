package io.switchback.port;

import io.switchback.model.VmRef;

/** The suite's guests in memory, with the reference adapter or with one that breaks a promise. */
final class FakeVerifyFixture implements VerifyFixture {
  private final FakeVerifyActivities verify;

  FakeVerifyFixture(FakeVerifyActivities verify) {
    this.verify = verify;
    verify.readyAfter(slow().vm().id(), 3);
    verify.silence(silent().vm().id());
  }

  @Override
  public VerifyActivities verify() {
    return verify;
  }

  @Override
  public Guest ready() {
    return guest("ready", 1);
  }

  @Override
  public Guest slow() {
    return guest("slow", 2);
  }

  @Override
  public Guest silent() {
    return guest("silent", 3);
  }

  private static Guest guest(String name, int number) {
    return new Guest(new VmRef("munich", name, name), "127.0.0.1:800" + number);
  }

  @Override
  public void close() {}
}
