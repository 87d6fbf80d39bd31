/** The command line. */
@NullMarked
package dev.jassay.cli;

import org.jspecify.annotations.NullMarked;
