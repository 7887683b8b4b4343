@NullMarked
package io.switchback.lab;

import org.jspecify.annotations.NullMarked;
