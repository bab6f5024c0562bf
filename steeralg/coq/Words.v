(** * Realisations of a scenario, and words in their generators

    What is proved here, is proved for every *-algebra, every realisation of the scenario in it, and every positive
    functional. One step to quantum theory is left to the reader; it is textbook mathematics. Let commuting POVMs of
    the black boxes and a state on a Hilbert space be given, with the trusted systems as tensor factors (or, with
    input, with channels to a system of dimension D). By the theorems of Naimark and Stinespring the POVMs are
    compressions of projectors on a larger space, and the dual channels compressions of e_ij (x) 1 turned by
    unitaries, still commuting party by party. So with K the real numbers the bounded operators on that space are a
    [StarAlgebra], the projectors and the turned matrix units are a [Realisation] in it, and the state's expectation
    is a [PositiveFunctional] with the value 1 at 1. It gives E[a|x] e_ij the value sigma[a|x]_ji. (Section 3 of the
    proof format.) *)

From Coq Require Import ZArith List Bool Lia Mergesort Orders.
From Steeralg Require Import Numbers NumberField Positive.
Import ListNotations.

(** ** Unital *-algebras over the complex numbers over K, and states *)

Record StarAlgebra (K : OrderedField) := {
  element :> Type;
  azero : element; aone : element;
  aadd : element -> element -> element; aopp : element -> element;
  amul : element -> element -> element; astar : element -> element;
  scalar : Cx K -> element;                                                  (* z times 1 *)
  aadd_comm : forall x y, aadd x y = aadd y x;
  aadd_assoc : forall x y z, aadd x (aadd y z) = aadd (aadd x y) z;
  aadd_zero : forall x, aadd azero x = x;
  aadd_opp : forall x, aadd x (aopp x) = azero;
  amul_assoc : forall x y z, amul x (amul y z) = amul (amul x y) z;
  amul_one_l : forall x, amul aone x = x;
  amul_one_r : forall x, amul x aone = x;
  amul_add_l : forall x y z, amul (aadd x y) z = aadd (amul x z) (amul y z);
  amul_add_r : forall x y z, amul x (aadd y z) = aadd (amul x y) (amul x z);
  astar_star : forall x, astar (astar x) = x;
  astar_add : forall x y, astar (aadd x y) = aadd (astar x) (astar y);
  astar_mul : forall x y, astar (amul x y) = amul (astar y) (astar x);
  scalar_one : scalar c1 = aone;
  scalar_add : forall z w, scalar (cadd z w) = aadd (scalar z) (scalar w);
  scalar_mul : forall z w, scalar (cmul z w) = amul (scalar z) (scalar w);
  scalar_star : forall z, astar (scalar z) = scalar (conj z);
  scalar_central : forall z x, amul (scalar z) x = amul x (scalar z)
}.

Arguments azero {_ _}. Arguments aone {_ _}. Arguments aadd {_ _}. Arguments aopp {_ _}.
Arguments amul {_ _}. Arguments astar {_ _}.
Arguments scalar {_ _}.
Declare Scope A_scope. Delimit Scope A_scope with A.
Infix "+" := aadd : A_scope. Infix "*" := amul : A_scope. Notation "x ^*" := (astar x) (at level 20) : A_scope.
Notation "0" := azero : A_scope. Notation "1" := aone : A_scope.

(** A positive linear functional; a state if its value at 1 is 1. *)
Record PositiveFunctional {K : OrderedField} (A : StarAlgebra K) := {
  expectation :> A -> Cx K;
  expectation_add : forall x y : A, expectation (x + y)%A = cadd (expectation x) (expectation y);
  expectation_scalar : forall z (x : A), expectation (scalar z * x)%A = cmul z (expectation x);
  expectation_positive : forall x : A, le zero (re (expectation (x^* * x)%A))
}.

(** ** Scenarios *)

(** [outcomes]: for every black box the number of outcomes of each setting. [trusted]: the dimensions of the trusted
    parties. [inputs]: the number of settings of the one trusted party with input; 1 if there is no input. *)
Record Scenario := scenario { outcomes : list (list nat); trusted : list nat; inputs : nat }.
Definition boxes (S : Scenario) : nat := length (outcomes S).
Definition outcome_count (S : Scenario) (k x : nat) : nat := nth x (nth k (outcomes S) []) 0.
Definition dim (S : Scenario) : nat := fold_right Nat.mul 1 (trusted S).
(** The elements of the trusted side: one view for each setting, or for each of several trusted parties. No trusted
    party is the same as one of dimension 1. *)
Definition views (S : Scenario) : nat := if 1 <? inputs S then inputs S else Nat.max 1 (length (trusted S)).
(** A scenario indeed: one box or more, each with a setting, each with an outcome; positive dimensions; and a trusted
    party with input has no other beside it. (Section 2 of the proof format.) *)
Definition scenario_ok (S : Scenario) : bool :=
  (0 <? boxes S) && forallb (fun box => (0 <? length box) && forallb (Nat.ltb 0) box) (outcomes S)
  && forallb (Nat.ltb 0) (trusted S) && (0 <? inputs S) && ((inputs S =? 1) || (length (trusted S) <=? 1)).

Section Algebra.
Context {K : OrderedField} {A : StarAlgebra K}.
Local Open Scope A_scope.
Fixpoint asum (l : list A) : A := match l with [] => 0 | x :: r => x + asum r end.
End Algebra.

(** Projectors of the black boxes and matrix units e^y_ij of the trusted side: section 3 of the proof format. Box k,
    setting x, outcome a; without input y = 0, and the units are those of all trusted parties together. *)
Record Realisation {K : OrderedField} (S : Scenario) (A : StarAlgebra K) := {
  proj : nat -> nat -> nat -> A;
  unit : nat -> nat -> nat -> A;
  proj_star : forall k x a, a < outcome_count S k x -> (proj k x a)^*%A = proj k x a;
  proj_mul : forall k x a b, a < outcome_count S k x -> b < outcome_count S k x ->
    (proj k x a * proj k x b)%A = if (a =? b)%nat then proj k x a else 0%A;
  proj_sum : forall k x, 0 < outcome_count S k x -> asum (map (proj k x) (seq 0 (outcome_count S k x))) = 1%A;
  proj_comm : forall k x a l z b, k <> l -> a < outcome_count S k x -> b < outcome_count S l z ->
    (proj k x a * proj l z b)%A = (proj l z b * proj k x a)%A;
  unit_star : forall y i j, y < inputs S -> i < dim S -> j < dim S -> (unit y i j)^*%A = unit y j i;
  unit_mul : forall y i j p q, y < inputs S -> i < dim S -> j < dim S -> p < dim S -> q < dim S ->
    (unit y i j * unit y p q)%A = if (j =? p)%nat then unit y i q else 0%A;
  unit_sum : forall y, y < inputs S -> asum (map (fun i => unit y i i) (seq 0 (dim S))) = 1%A;
  unit_comm : forall k x a y i j, a < outcome_count S k x -> y < inputs S -> i < dim S -> j < dim S ->
    (proj k x a * unit y i j)%A = (unit y i j * proj k x a)%A
}.
Arguments proj {_ _ _}. Arguments unit {_ _ _}.

(** ** Words *)

(** E a x is E[a|x]; U i j y is e^y_ij. A word has one list of letters for each box, then one for the trusted side. *)
Inductive letter := E (a x : nat) | U (i j y : nat).
Definition word := list (list letter).
Definition polynomial := list (gauss * word).

Definition adjoint_letter (l : letter) : letter := match l with E a x => E a x | U i j y => U j i y end.
Definition adjoint (w : word) : word := map (fun p => rev (map adjoint_letter p)) w.
Fixpoint times_word (v w : word) : word :=
  match v, w with
  | [], _ => w
  | _, [] => v
  | p :: v', q :: w' => (p ++ q) :: times_word v' w'
  end.

(** *** Normal form: E[a|x] for the last a, and the last e^y_ii, are replaced by 1 minus the others. *)

Section Reduction.
Variable S : Scenario.

(** The product of two letters of one party: None if they stay, Some None if it is zero. *)
Definition product (l m : letter) : option (option letter) :=
  match l, m with
  | E a x, E b z => if (x =? z)%nat then Some (if (a =? b)%nat then Some (E a x) else None) else None
  | U i j y, U p q z =>
      if (y =? z)%nat then Some (if (j =? p)%nat && (j <? dim S)%nat then Some (U i q y) else None) else None
  | _, _ => None
  end.
(** For a last letter, the others. *)
Definition others (k : nat) (l : letter) : option (list letter) :=
  match l with
  | E a x => if (Datatypes.S a =? outcome_count S k x)%nat then Some (map (fun b => E b x) (seq 0 a)) else None
  | U i j y =>
      if (k =? boxes S)%nat && (y <? inputs S)%nat && (Datatypes.S i =? dim S)%nat && (Datatypes.S j =? dim S)%nat
      then Some (map (fun b => U b b y) (seq 0 i)) else None
  end.
(** Integer combinations of strings of letters of party k. *)
Definition expand (k : nat) (l : letter) (w : list letter) : list (Z * list letter) :=
  match others k l with
  | Some ms => (1%Z, w) :: map (fun m => ((-1)%Z, m :: w)) ms
  | None => [(1%Z, l :: w)]
  end.
Definition prepend (k : nat) (l : letter) (w : list letter) : list (Z * list letter) :=
  match w with
  | [] => expand k l []
  | m :: r => match product l m with
              | None => expand k l w
              | Some None => []
              | Some (Some n) => expand k n r
              end
  end.
Definition scale_all {T} (c : Z) (l : list (Z * T)) : list (Z * T) := map (fun t => ((c * fst t)%Z, snd t)) l.
Fixpoint reduce_string (k : nat) (w : list letter) : list (Z * list letter) :=
  match w with
  | [] => [(1%Z, [])]
  | l :: r => flat_map (fun t => scale_all (fst t) (prepend k l (snd t))) (reduce_string k r)
  end.
Fixpoint reduce_word (k : nat) (w : word) : list (Z * word) :=
  match w with
  | [] => [(1%Z, [])]
  | p :: r =>
      let rest := reduce_word (Datatypes.S k) r in
      flat_map (fun t => map (fun u => ((fst t * fst u)%Z, snd t :: snd u)) rest) (reduce_string k p)
  end.
Definition reduced (P : polynomial) : polynomial :=
  flat_map (fun t => map (fun u => (gscale (fst u) (fst t), snd u)) (reduce_word 0 (snd t))) P.
End Reduction.

(** *** Is a polynomial zero? Sort the reduced words, and add what stands at equal ones. *)

Definition letter_eqb (l m : letter) : bool :=
  match l, m with
  | E a x, E b z => (a =? b)%nat && (x =? z)%nat
  | U i j y, U p q z => (i =? p)%nat && (j =? q)%nat && (y =? z)%nat
  | _, _ => false
  end.
Fixpoint list_eqb {T} (eqb : T -> T -> bool) (v w : list T) : bool :=
  match v, w with
  | [], [] => true
  | a :: v', b :: w' => eqb a b && list_eqb eqb v' w'
  | _, _ => false
  end.
Definition word_eqb : word -> word -> bool := list_eqb (list_eqb letter_eqb).

Definition code (w : word) : list nat :=
  flat_map (fun p => 0%nat :: flat_map (fun l => match l with E a x => [1; x; a] | U i j y => [1; y; i; j] end) p) w.
Fixpoint code_leb (v w : list nat) : bool :=
  match v, w with
  | [], _ => true
  | _, [] => false
  | a :: v', b :: w' => if (a <? b)%nat then true else if (b <? a)%nat then false else code_leb v' w'
  end.
Lemma code_total v w : code_leb v w = true \/ code_leb w v = true.
Proof.
  revert w. induction v as [|a v IH]; intros [|b w]; cbn [code_leb]; auto.
  destruct (Nat.ltb_spec a b), (Nat.ltb_spec b a); auto.
Qed.

Module CodedTerm <: TotalLeBool.
  Definition t := (list nat * (gauss * word))%type.
  Definition leb (x y : t) := code_leb (fst x) (fst y).
  Infix "<=?" := leb (at level 70, no associativity).
  Theorem leb_total : forall x y, (x <=? y) = true \/ (y <=? x) = true.
  Proof. intros x y. apply code_total. Qed.
End CodedTerm.
Module TermSort := Sort CodedTerm.

Definition sorted (P : polynomial) : polynomial := map snd (TermSort.sort (map (fun t => (code (snd t), t)) P)).
(** Whether the terms, with c more at the word w, cancel. *)
Fixpoint cancel (w : word) (c : gauss) (P : polynomial) : bool :=
  match P with
  | [] => gzero c
  | (d, v) :: r => if word_eqb w v then cancel w (gadd c d) r else gzero c && cancel v d r
  end.
Definition is_zero (S : Scenario) (P : polynomial) : bool := cancel [] g0 (sorted (reduced S P)).
