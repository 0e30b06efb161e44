import { z } from 'zod';

/*
 * The page's policy forbids code made from text, and zod would try that for speed: whoever checks anything in the window,
 * or in a worker of it, imports this first.
 */
z.config({ jitless: true });
