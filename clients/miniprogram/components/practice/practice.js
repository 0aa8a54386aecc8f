// Shown on every page of a practice deployment and of a practice ticket (rule 55).
Component({});
