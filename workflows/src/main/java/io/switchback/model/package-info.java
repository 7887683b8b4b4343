/** The nouns of the estate: records that validate themselves. */
@NullMarked
package io.switchback.model;

import org.jspecify.annotations.NullMarked;
