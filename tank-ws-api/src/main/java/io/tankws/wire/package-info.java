/** Internal helpers that the exported packages of this module share. */
@NullMarked
package io.tankws.wire;

import org.jspecify.annotations.NullMarked;
