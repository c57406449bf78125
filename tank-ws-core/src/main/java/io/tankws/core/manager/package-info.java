/** The manager: its builder, its parts and how they are wired, its start and shutdown. */
@NullMarked
package io.tankws.core.manager;

import org.jspecify.annotations.NullMarked;
