/** Random walks over the whole lifecycle, each step held against a model of the law. */
@NullMarked
package io.switchback.worker.model;

import org.jspecify.annotations.NullMarked;
