@NullMarked
package dev.jassay.web;

import org.jspecify.annotations.NullMarked;
