/** The estate as the registry and Temporal know it together, for people and for scripts. */
@NullMarked
package io.switchback.worker.status;

import org.jspecify.annotations.NullMarked;
