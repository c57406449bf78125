/** The protocol that clients speak. */
@NullMarked
package io.tankws.core.protocol;

import org.jspecify.annotations.NullMarked;
