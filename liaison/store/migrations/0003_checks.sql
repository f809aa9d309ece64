-- How often a home has the DBS checks of its staff repeated.

ALTER TABLE "home" ADD COLUMN "dbs_months" INTEGER;
