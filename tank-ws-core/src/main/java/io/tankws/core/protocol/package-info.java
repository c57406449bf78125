/** The protocol that clients speak. */
package io.tankws.core.protocol;
