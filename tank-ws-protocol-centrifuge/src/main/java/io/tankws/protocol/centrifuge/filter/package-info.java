/** Filters of publications by their tags. */
@NullMarked
package io.tankws.protocol.centrifuge.filter;

import org.jspecify.annotations.NullMarked;
