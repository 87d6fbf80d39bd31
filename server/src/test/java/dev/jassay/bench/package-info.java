/** Measures speed and memory, against what other ways to the same end reach in the same run. {@code make bench} runs it. */
@NullMarked
package dev.jassay.bench;

import org.jspecify.annotations.NullMarked;
