/** What a data set may be called; it is also the name of its folder. */
export const DATASET_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
