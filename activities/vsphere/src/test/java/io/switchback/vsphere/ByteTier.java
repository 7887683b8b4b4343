package io.switchback.vsphere;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A test that needs disks' contents, changed areas or a revert of bytes: those come from the front,
 * which is a fixture of our own.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("process")
@Tag("byte-tier")
public @interface ByteTier {}
