/** The finished archives, as a user unpacks and starts them. */
package io.portolan.cli.dist;
