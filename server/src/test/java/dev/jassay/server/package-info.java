@NullMarked
package dev.jassay.server;

import org.jspecify.annotations.NullMarked;
