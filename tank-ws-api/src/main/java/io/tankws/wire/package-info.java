/** What the exported packages of this module share and nobody else sees. */
@NullMarked
package io.tankws.wire;

import org.jspecify.annotations.NullMarked;
