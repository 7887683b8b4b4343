/**
 * Why a site worker opens a disk to the other site's worker: a certificate says who dials, and a
 * grant signed by the control side says what this one transfer may do. Either alone opens nothing.
 */
@NullMarked
package io.switchback.delta.trust;

import org.jspecify.annotations.NullMarked;
