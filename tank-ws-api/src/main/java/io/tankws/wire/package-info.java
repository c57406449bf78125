/** What the exported packages of this module share and nobody else sees. */
package io.tankws.wire;
