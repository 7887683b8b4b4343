package io.switchback.vsphere;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test against simulated vCenters as somebody else wrote them. After each, an independent client
 * confirms what the vCenter now holds.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("process")
@Tag("api-tier")
@ExtendWith(Confirmation.class)
public @interface ApiTier {
  /** The test asks the judge itself, of vCenters that are gone when it ends. */
  boolean asksItself() default false;
}
