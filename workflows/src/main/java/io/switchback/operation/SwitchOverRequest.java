package io.switchback.operation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the run over one replica is given.
 *
 * @param due the time at which a schedule has started it; where the switch has another one by then,
 *     nothing is switched. Null when somebody asks for it now
 */
public record SwitchOverRequest(ReplicaRequest replica, @Nullable Instant due) {}
