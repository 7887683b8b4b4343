@NullMarked
package io.switchback.worker.run;

import org.jspecify.annotations.NullMarked;
