/** Selection of transports, protocols and backplanes among the providers that are found. */
@NullMarked
package io.tankws.core.selection;

import org.jspecify.annotations.NullMarked;
