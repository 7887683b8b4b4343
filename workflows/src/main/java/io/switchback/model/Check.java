package io.switchback.model;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;

/**
 * A look at a started guest from outside. In addresses {@code {address}} stands for the service
 * address that the site reports for the guest.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "kind")
public sealed interface Check permits HttpCheck, TcpCheck {
  /** How long the check may try before it counts as failed. */
  Duration limit();
}
