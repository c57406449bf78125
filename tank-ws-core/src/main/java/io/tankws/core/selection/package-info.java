/** Selection of transports and backplanes among the providers that are found. */
package io.tankws.core.selection;
