/** The network extension beside a bare path and beside OpenVPN alone. */
@NullMarked
package io.switchback.bench.network;

import org.jspecify.annotations.NullMarked;
