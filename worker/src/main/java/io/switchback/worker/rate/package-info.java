/** How the workers of a site share the rate that its transfers may take. */
@NullMarked
package io.switchback.worker.rate;

import org.jspecify.annotations.NullMarked;
