package io.switchback.verify;

import io.switchback.model.VmRef;
import io.switchback.port.VerifyActivities;
import io.switchback.port.VerifyContract;
import io.switchback.port.VerifyFixture;
import java.io.IOException;

/** Looks over real connections keep every promise. */
class OutsideVerifyContractIT extends VerifyContract {
  @Override
  protected VerifyFixture open() throws Exception {
    return new Guests();
  }

  private static final class Guests implements VerifyFixture {
    private final OutsideVerifyActivities verify =
        new OutsideVerifyActivities(VerifySettings.standard());
    private final TestGuest ready = TestGuest.readyAtRequest(1);
    private final TestGuest slow = TestGuest.readyAtRequest(3);
    private final String nobody = TestGuest.nobody();

    private Guests() throws IOException {}

    @Override
    public VerifyActivities verify() {
      return verify;
    }

    @Override
    public Guest ready() {
      return guest("ready", ready.address());
    }

    @Override
    public Guest slow() {
      return guest("slow", slow.address());
    }

    @Override
    public Guest silent() {
      return guest("silent", nobody);
    }

    private static Guest guest(String name, String address) {
      return new Guest(new VmRef("munich", name, name), address);
    }

    @Override
    public void close() {
      verify.close();
      ready.close();
      slow.close();
    }
  }
}
