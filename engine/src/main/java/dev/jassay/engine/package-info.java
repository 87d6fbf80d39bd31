/** The Java face of the native engine: it judges streams of JSON records that lie in native memory. */
@NullMarked
package dev.jassay.engine;

import org.jspecify.annotations.NullMarked;
